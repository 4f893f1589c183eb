/* What the files of wording/reply share: a text as a row of words, each a letter for its kind. */
#ifndef WORDING_REPLY_PRIVATE_H
#define WORDING_REPLY_PRIVATE_H

#include "wording/squeeze.h"

/* The kinds, as letters: the patterns of reply.c are written with them. What is harmless wishes,
 * limits and doubts nothing wherever it stands.
 *
 * Harmless   u who (我局, 贵办, 领导)         e an office's last word (局)  o a word of its name
 * (教育) r a role (联络员)                p papers (文件, 《…》)        9 a paper's number
 * (〔2019〕3号) d dates, numbers, counts         g 的                          l what an address is
 * called (电话) f received (收悉)                1 considered (经研究)         v sent (送达)    k
 * asked to do (查收) 4 praise (可行)                  5 thanks (感谢)               Y excuses
 * (抱歉) 3 promises (抓好) y to issue (印发)                7 通知要求                    @ 见附件
 * z 如下 J 和, 、                         A any (任何)                  G agrees (同意)  n 无意见
 *            = who is part of a unit (二层单位): what they say is not its word           h any
 * other Nothing    N not (无)     T need not (无需)     O opinion (意见)        I 修改意见, as it
 * is handed in to say, or M to change    m to complete (补充)  B a proposal (建议)     a to need
 * (需要)  Z other (其他) something  q asks others for theirs (征求)      j 提出如下意见          !
 * 未收到          ~ 完全同意 Weighty    W wishes       H has one (有意见)    w please, hope b 把,
 * 将          8 加强 L a place (第三条)  6 a count of places (三条)   C if        F only then
 * (前提) R agrees in principle   U but, except   P still to come (待)   s later         Q asks X
 * more time    K corrects            D withdraws             E is not concerned S a blank      t a
 * box               c a ticked one          i and so on (等) V any other    2 a character that is
 * one of many words' (基, 新): weighty by itself x a character of no known word Marks      . , : /
 * ( ) " ?   where / is a line's end, blanks between words, a dash */
struct lexeme {
    gsize from, to; /* bytes of the squeezed text */
};
struct lexemes {
    struct squeezed squeezed;
    GString *kinds; /* one letter a word … */
    GArray *list;   /* … and its struct lexeme */
};
/* title: of the matter, a paper wherever it stands; NULL: none. Free with lexemes_clear. */
void lexemes_read(struct lexemes *l, const char *text, const char *title);
void lexemes_clear(struct lexemes *l);

/* ---- need.c: what a pattern over kinds cannot do without */
enum { MAX_NEEDS = 4 };
struct kinds {
    guint64 bits[2];
};
struct needs {
    gsize n;
    struct kinds of[MAX_NEEDS]; /* of each at least one */
};
struct kinds kinds_of(const char *text);
void kinds_add(struct kinds *kinds, char kind);
void needs_read(struct needs *needs, const char *pattern);
gboolean needs_met(const struct needs *needs, const struct kinds *have);

/* The vocabulary: words of one kind, separated by blanks; the longest at a place counts. */
struct vocabulary {
    char kind;
    const char *words;
};
extern const struct vocabulary vocabulary[];
extern const gsize vocabulary_n;

#endif
