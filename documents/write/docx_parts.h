/* The parts of a .docx that are the same in each, but for the fonts they name. */
#ifndef DOCUMENTS_WRITE_DOCX_PARTS_H
#define DOCUMENTS_WRITE_DOCX_PARTS_H

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define NS_WORD "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define NS_LINKS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

extern const char docx_content_types[], docx_links[], docx_document_links[], docx_styles[],
    docx_footer[];

#endif
