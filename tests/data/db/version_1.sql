-- A database as version 1 wrote it: its schema, and a row or two in each table. Never edited: every
-- later version must open it and keep what it holds.
PRAGMA journal_mode = WAL;
CREATE TABLE office (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE unit (  id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE,  short_name TEXT NOT NULL DEFAULT '', retired_at TEXT) STRICT;
CREATE TABLE alias (  unit INTEGER NOT NULL REFERENCES unit, name TEXT NOT NULL,  PRIMARY KEY (unit, name)) STRICT, WITHOUT ROWID;
CREATE TABLE contact (  id INTEGER PRIMARY KEY, unit INTEGER NOT NULL REFERENCES unit,  role TEXT NOT NULL CHECK (role IN ('liaison','clerk','signer')),  name TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL, mobile TEXT NOT NULL,  since TEXT NOT NULL, until TEXT) STRICT;
CREATE INDEX contact_unit ON contact(unit);
CREATE INDEX contact_email ON contact(email COLLATE NOCASE);
CREATE TABLE raw (  sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, bytes BLOB) STRICT;
CREATE TABLE matter (  id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, number TEXT, title TEXT NOT NULL,  kind TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN    ('draft','submitted','signed','issued','closed','cancelled')),  deadline TEXT, due INTEGER NOT NULL DEFAULT 1,  silence TEXT CHECK (silence = 'deemed_no_objection'), silence_text TEXT,  electronic INTEGER NOT NULL, paper INTEGER NOT NULL, notice TEXT NOT NULL,  created_at TEXT NOT NULL, issued_at TEXT, settled_at TEXT, closed_at TEXT,  CHECK (silence IS NULL OR silence_text IS NOT NULL)) STRICT;
CREATE TABLE annex (  matter INTEGER NOT NULL REFERENCES matter, position INTEGER NOT NULL,  filename TEXT NOT NULL, content_type TEXT NOT NULL,  sha256 TEXT NOT NULL REFERENCES raw, PRIMARY KEY (matter, position)) STRICT, WITHOUT ROWID;
CREATE TABLE assignment (  id INTEGER PRIMARY KEY, matter INTEGER NOT NULL REFERENCES matter,  unit INTEGER NOT NULL REFERENCES unit,  status TEXT NOT NULL CHECK (status IN ('waiting','acknowledged','no_comment','commented',    'submitted','deemed','overdue','exempt')),  late INTEGER NOT NULL DEFAULT 0, electronic_at TEXT,  paper TEXT NOT NULL CHECK (paper IN ('waiting','received','not_required')),  paper_at TEXT, paper_how TEXT, paper_stance TEXT,  deadline TEXT, due INTEGER NOT NULL DEFAULT 1, remark TEXT,  UNIQUE (matter, unit)) STRICT;
CREATE TABLE folder (  name TEXT PRIMARY KEY, uidvalidity INTEGER NOT NULL, last_uid INTEGER NOT NULL,  messages INTEGER NOT NULL, read_at TEXT, swept_at TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE message (  id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE REFERENCES raw,  received_at TEXT NOT NULL, fetched_at TEXT NOT NULL, history INTEGER NOT NULL,  state TEXT NOT NULL CHECK (state IN ('stored','handled','unparsed')),  attempts INTEGER NOT NULL DEFAULT 0, message_id TEXT, subject TEXT, sender_name TEXT,  sender TEXT, kind TEXT, fingerprint TEXT, duplicate_of INTEGER REFERENCES message,  verdict TEXT CHECK (verdict IN ('filed','review','noted')), reason TEXT,  matter INTEGER REFERENCES matter, unit INTEGER REFERENCES unit,  proposed_matter INTEGER REFERENCES matter, proposed_unit INTEGER REFERENCES unit,  stance TEXT, stance_evidence TEXT) STRICT;
CREATE INDEX message_state ON message(state) WHERE state = 'stored';
CREATE INDEX message_by_id ON message(message_id);
CREATE INDEX message_matter ON message(matter, unit);
CREATE TABLE arrival (  folder TEXT NOT NULL, uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL,  outcome TEXT NOT NULL CHECK (outcome IN ('stored','duplicate','refused')),  message INTEGER REFERENCES message, reason TEXT, at TEXT NOT NULL,  PRIMARY KEY (folder, uidvalidity, uid),  CHECK ((outcome = 'refused') = (message IS NULL))) STRICT, WITHOUT ROWID;
CREATE TABLE attachment (  message INTEGER NOT NULL REFERENCES message, position INTEGER NOT NULL,  filename TEXT NOT NULL, content_type TEXT NOT NULL, size INTEGER NOT NULL,  sha256 TEXT NOT NULL, inline INTEGER NOT NULL,  PRIMARY KEY (message, position)) STRICT, WITHOUT ROWID;
CREATE TABLE evidence (  message INTEGER NOT NULL REFERENCES message, position INTEGER NOT NULL,  rule TEXT NOT NULL, weight INTEGER NOT NULL, text TEXT NOT NULL,  PRIMARY KEY (message, position)) STRICT, WITHOUT ROWID;
CREATE TABLE submission (  id INTEGER PRIMARY KEY, matter INTEGER NOT NULL REFERENCES matter,  unit INTEGER NOT NULL REFERENCES unit, version INTEGER NOT NULL,  message INTEGER REFERENCES message, how TEXT NOT NULL, stance TEXT NOT NULL,  evidence TEXT, text TEXT NOT NULL, filename TEXT, sha256 TEXT REFERENCES raw,  received_at TEXT NOT NULL, recorded_at TEXT NOT NULL, late INTEGER NOT NULL,  fingerprint TEXT, voided_at TEXT, void_reason TEXT,  UNIQUE (matter, unit, version)) STRICT;
CREATE TABLE review (  id INTEGER PRIMARY KEY, reason TEXT NOT NULL, text TEXT NOT NULL,  message INTEGER REFERENCES message, outbox INTEGER REFERENCES outbox,  matter INTEGER REFERENCES matter, unit INTEGER REFERENCES unit,  opened_at TEXT NOT NULL, settled_at TEXT, settlement TEXT) STRICT;
CREATE INDEX review_open ON review(matter, unit) WHERE settled_at IS NULL;
CREATE TABLE outbox (  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,  channel TEXT NOT NULL CHECK (channel IN ('mail','wecom')), kind TEXT NOT NULL,  matter INTEGER REFERENCES matter, unit INTEGER REFERENCES unit,  message INTEGER REFERENCES message, message_id TEXT UNIQUE,  subject TEXT NOT NULL, text TEXT NOT NULL, html TEXT, in_reply_to TEXT, refs TEXT,  state TEXT NOT NULL CHECK (state IN ('queued','held','sending','sent','deferred','failed',    'uncertain','cancelled')),  attempts INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, next_at TEXT, sent_at TEXT,  code INTEGER, reply TEXT) STRICT;
CREATE INDEX outbox_state ON outbox(state);
CREATE INDEX outbox_matter ON outbox(matter, unit, kind);
CREATE TABLE recipient (  outbox INTEGER NOT NULL REFERENCES outbox, address TEXT NOT NULL,  state TEXT NOT NULL CHECK (state IN ('waiting','accepted','refused','bounced')),  reply TEXT, PRIMARY KEY (outbox, address)) STRICT, WITHOUT ROWID;
CREATE TABLE enclosure (  outbox INTEGER NOT NULL REFERENCES outbox, position INTEGER NOT NULL,  filename TEXT NOT NULL, content_type TEXT NOT NULL,  sha256 TEXT NOT NULL REFERENCES raw, PRIMARY KEY (outbox, position)) STRICT, WITHOUT ROWID;
CREATE TABLE event (  id INTEGER PRIMARY KEY, at TEXT NOT NULL, what TEXT NOT NULL, text TEXT NOT NULL,  matter INTEGER REFERENCES matter, unit INTEGER REFERENCES unit,  message INTEGER REFERENCES message, outbox INTEGER REFERENCES outbox) STRICT;
CREATE INDEX event_matter ON event(matter);
PRAGMA user_version = 1;
INSERT INTO office VALUES ('created_at', '2019-06-10T01:00:00Z');
INSERT INTO unit VALUES (1, 'jyj', '市教育局', '教育局', NULL), (2, 'wtj', '市文体局', '', NULL);
INSERT INTO alias VALUES (1, '教育局机关');
INSERT INTO contact VALUES
  (1, 1, 'liaison', '联络员甲', 'liaison@jyj.example', '', '', '2019-01-01T00:00:00Z', NULL),
  (2, 2, 'liaison', '联络员乙', 'liaison@wtj.example', '', '', '2019-01-01T00:00:00Z', NULL);
INSERT INTO raw VALUES ('aa', 4, X'74657374'), ('bb', 70000, NULL);
INSERT INTO matter VALUES (1, 'LL1-K7Q2X', '柳纲要办〔2019〕1号', '关于征求意见的通知', 'consultation',
  'issued', '2019-06-21', 1, 'deemed_no_objection', '逾期未反馈的，视为无异议。', 1, 1,
  '请研究。逾期未反馈的，视为无异议。', '2019-06-10T01:00:00Z', '2019-06-11T01:00:00Z', NULL, NULL);
INSERT INTO annex VALUES (1, 0, '实施方案.doc', 'application/msword', 'bb');
INSERT INTO assignment VALUES
  (1, 1, 1, 'commented', 0, '2019-06-18T02:00:00Z', 'received', '2019-06-19T02:00:00Z', 'fax',
   'comments', NULL, 1, NULL),
  (2, 1, 2, 'waiting', 0, NULL, 'waiting', NULL, NULL, NULL, '2019-06-25', 2, NULL);
INSERT INTO folder VALUES ('INBOX', 7, 12, 12, '2019-06-19T01:00:00Z', '2019-06-19T01:00:00Z');
INSERT INTO message VALUES
  (1, 'aa', '2019-06-18T02:00:00Z', '2019-06-18T02:01:00Z', 0, 'handled', 1, '1@jyj.example',
   '回复：关于征求意见的通知', '联络员甲', 'liaison@jyj.example', 'person', 'ff', NULL, 'filed', NULL, 1,
   1, NULL, NULL, 'comments', '建议将第三条');
INSERT INTO arrival VALUES ('INBOX', 7, 11, 'stored', 1, NULL, '2019-06-18T02:01:00Z'),
  ('INBOX', 7, 12, 'refused', NULL, '太大', '2019-06-18T02:01:00Z');
INSERT INTO attachment VALUES (1, 0, '意见.txt', 'text/plain', 4, 'aa', 0);
INSERT INTO evidence VALUES (1, 0, 'token', 60, 'LL1-K7Q2X');
INSERT INTO submission VALUES
  (1, 1, 1, 1, 1, 'mail', 'comments', '建议将第三条', '建议将第三条修改为“每年两次”。', NULL, NULL,
   '2019-06-18T02:00:00Z', '2019-06-18T02:01:00Z', 0, 'ff', NULL, NULL);
INSERT INTO outbox VALUES
  (1, 'notice/1/jyj', 'mail', 'notice', 1, 1, NULL, 'n1@office.example', '〔LL1-K7Q2X〕通知', '正文',
   NULL, NULL, NULL, 'sent', 1, '2019-06-11T01:00:00Z', NULL, '2019-06-11T01:01:00Z', 250, 'OK');
INSERT INTO recipient VALUES (1, 'liaison@jyj.example', 'accepted', NULL);
INSERT INTO enclosure VALUES (1, 0, '实施方案.doc', 'application/msword', 'bb');
INSERT INTO review VALUES
  (1, 'paper_without_stance', '纸质件没有态度', NULL, NULL, 1, 2, '2019-06-19T02:00:00Z', NULL, NULL);
INSERT INTO event VALUES
  (1, '2019-06-11T01:00:00Z', 'matter.issue', '', 1, NULL, NULL, NULL);
