/* Offices write by GB/T 9704: titles in 小标宋 二号, text in 仿宋 三号 of 28 points a line,
 * headings in 黑体 and 楷体. */
#include "documents/write/docx_parts.h"

#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define TYPE "application/vnd.openxmlformats-officedocument."

const char docx_content_types[] = XML_HEAD
    "<Types xmlns=\"" PACKAGE "content-types\">"
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package."
    "relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    "<Override PartName=\"/word/document.xml\" ContentType=\"" TYPE
    "wordprocessingml.document.main+xml\"/>"
    "<Override PartName=\"/word/styles.xml\" ContentType=\"" TYPE "wordprocessingml.styles+xml\"/>"
    "<Override PartName=\"/word/footer1.xml\" ContentType=\"" TYPE "wordprocessingml.footer+xml\"/>"
    "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-"
    "package.core-properties+xml\"/>"
    "<Override PartName=\"/docProps/custom.xml\" ContentType=\"" TYPE "custom-properties+xml\"/>"
    "</Types>";

const char docx_links[] = XML_HEAD
    "<Relationships xmlns=\"" PACKAGE "relationships\">"
    "<Relationship Id=\"r1\" Type=\"" NS_LINKS "/officeDocument\" Target=\"word/document.xml\"/>"
    "<Relationship Id=\"r2\" Type=\"" PACKAGE
    "relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>"
    "<Relationship Id=\"r3\" Type=\"" NS_LINKS
    "/custom-properties\" Target=\"docProps/custom.xml\"/>"
    "</Relationships>";

const char docx_document_links[] =
    XML_HEAD "<Relationships xmlns=\"" PACKAGE "relationships\">"
             "<Relationship Id=\"r1\" Type=\"" NS_LINKS "/styles\" Target=\"styles.xml\"/>"
             "<Relationship Id=\"r2\" Type=\"" NS_LINKS "/footer\" Target=\"footer1.xml\"/>"
             "</Relationships>";

#define FONT(chinese) \
    "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:cs=\"Times New Roman\" " \
    "w:eastAsia=\"" chinese "\"/>"
/* Sizes are half points. */
#define SIZE(half) "<w:sz w:val=\"" half "\"/><w:szCs w:val=\"" half "\"/>"
#define LINE "<w:spacing w:line=\"560\" w:lineRule=\"exact\"/>"
#define STYLE(id, name, paragraph, run) \
    "<w:style w:type=\"paragraph\" w:styleId=\"" id "\"><w:name w:val=\"" name \
    "\"/><w:basedOn w:val=\"Normal\"/><w:pPr>" paragraph "</w:pPr><w:rPr>" run \
    "</w:rPr></w:style>"
#define HEADING(level, run) \
    STYLE("Heading" level, "heading " level, \
          "<w:keepNext/>" LINE \
          "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:outlineLvl w:val=\"" level \
          "\"/>", \
          run SIZE("32"))

const char docx_styles[] = XML_HEAD
    "<w:styles xmlns:w=\"" NS_WORD "\"><w:docDefaults><w:rPrDefault><w:rPr>" FONT("仿宋_GB2312")
        SIZE("32") "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault>"
                   "</w:docDefaults>"
                   "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name "
                   "w:val=\"Normal\"/>"
                   "</w:style>"
                   "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\">"
                   "<w:name w:val=\"Normal Table\"/><w:tblPr><w:tblCellMar>"
                   "<w:left w:w=\"85\" w:type=\"dxa\"/><w:right w:w=\"85\" w:type=\"dxa\"/>"
                   "</w:tblCellMar></w:tblPr></w:style>" STYLE(
                       "Title", "Title",
                       "<w:keepNext/><w:spacing w:before=\"280\" w:after=\"280\"/><w:jc "
                       "w:val=\"center\"/>",
                       FONT("方正小标宋简体") SIZE("44")) HEADING("1", FONT("黑体"))
                       HEADING("2", FONT("楷体_GB2312")) HEADING("3", "<w:b/>")
                           STYLE("Text", "Body Text", LINE, "")
                               STYLE("Cell", "Cell", "", SIZE("24"))
                                   STYLE("CellHead", "Cell Head", "<w:jc w:val=\"center\"/>",
                                         FONT("黑体") SIZE("24"))
                                       STYLE("Footer", "footer", "<w:jc w:val=\"center\"/>",
                                             FONT("宋体") SIZE("28")) "</w:styles>";

const char docx_footer[] =
    XML_HEAD "<w:ftr xmlns:w=\"" NS_WORD "\"><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr>"
             "<w:r><w:t xml:space=\"preserve\">— </w:t></w:r>"
             "<w:fldSimple w:instr=\" PAGE \"><w:r><w:t>1</w:t></w:r></w:fldSimple>"
             "<w:r><w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>";
