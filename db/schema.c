/* The schema, as the list of migrations that lead to it: a released one is never edited, a new one
 * is a row at the end. Each runs in its own transaction together with its user_version. Instants
 * are text YYYY-MM-DDTHH:MM:SSZ, deadlines text as the notice means them. */
#include "db/sql.h"

#include "base/base.h"

static const char version_1[] =
    "CREATE TABLE office (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"

    /* People. A contact is dated, never removed: old matters keep their old liaisons. */
    "CREATE TABLE unit ("
    "  id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE,"
    "  short_name TEXT NOT NULL DEFAULT '', retired_at TEXT) STRICT;"
    "CREATE TABLE alias ("
    "  unit INTEGER NOT NULL REFERENCES unit, name TEXT NOT NULL,"
    "  PRIMARY KEY (unit, name)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE contact ("
    "  id INTEGER PRIMARY KEY, unit INTEGER NOT NULL REFERENCES unit,"
    "  role TEXT NOT NULL CHECK (role IN ('liaison','clerk','signer')),"
    "  name TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL, mobile TEXT NOT NULL,"
    "  since TEXT NOT NULL, until TEXT) STRICT;"
    "CREATE INDEX contact_unit ON contact(unit);"
    "CREATE INDEX contact_email ON contact(email COLLATE NOCASE);"

    /* Bytes by their hash: small ones here, large ones in files/ (bytes is null). */
    "CREATE TABLE raw ("
    "  sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, bytes BLOB) STRICT;"

    "CREATE TABLE matter ("
    "  id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, number TEXT, title TEXT NOT NULL,"
    "  kind TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN"
    "    ('draft','submitted','signed','issued','closed','cancelled')),"
    "  deadline TEXT, due INTEGER NOT NULL DEFAULT 1,"
    "  silence TEXT CHECK (silence = 'deemed_no_objection'), silence_text TEXT,"
    "  electronic INTEGER NOT NULL, paper INTEGER NOT NULL, notice TEXT NOT NULL,"
    "  created_at TEXT NOT NULL, issued_at TEXT, settled_at TEXT, closed_at TEXT,"
    "  CHECK (silence IS NULL OR silence_text IS NOT NULL)) STRICT;"
    "CREATE TABLE annex ("
    "  matter INTEGER NOT NULL REFERENCES matter, position INTEGER NOT NULL,"
    "  filename TEXT NOT NULL, content_type TEXT NOT NULL,"
    "  sha256 TEXT NOT NULL REFERENCES raw, PRIMARY KEY (matter, position)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE assignment ("
    "  id INTEGER PRIMARY KEY, matter INTEGER NOT NULL REFERENCES matter,"
    "  unit INTEGER NOT NULL REFERENCES unit,"
    "  status TEXT NOT NULL CHECK (status IN ('waiting','acknowledged','no_comment','commented',"
    "    'submitted','deemed','overdue','exempt')),"
    "  late INTEGER NOT NULL DEFAULT 0, electronic_at TEXT,"
    "  paper TEXT NOT NULL CHECK (paper IN ('waiting','received','not_required')),"
    "  paper_at TEXT, paper_how TEXT, paper_stance TEXT,"
    "  deadline TEXT, due INTEGER NOT NULL DEFAULT 1, remark TEXT,"
    "  UNIQUE (matter, unit)) STRICT;"

    /* The mailbox: a cursor a folder, and one row for every UID that was ever listed. */
    "CREATE TABLE folder ("
    "  name TEXT PRIMARY KEY, uidvalidity INTEGER NOT NULL, last_uid INTEGER NOT NULL,"
    "  messages INTEGER NOT NULL, read_at TEXT, swept_at TEXT) STRICT, WITHOUT ROWID;"
    "CREATE TABLE message ("
    "  id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE REFERENCES raw,"
    "  received_at TEXT NOT NULL, fetched_at TEXT NOT NULL, history INTEGER NOT NULL,"
    "  state TEXT NOT NULL CHECK (state IN ('stored','handled','unparsed')),"
    "  attempts INTEGER NOT NULL DEFAULT 0, message_id TEXT, subject TEXT, sender_name TEXT,"
    "  sender TEXT, kind TEXT, fingerprint TEXT, duplicate_of INTEGER REFERENCES message,"
    "  verdict TEXT CHECK (verdict IN ('filed','review','noted')), reason TEXT,"
    "  matter INTEGER REFERENCES matter, unit INTEGER REFERENCES unit,"
    "  proposed_matter INTEGER REFERENCES matter, proposed_unit INTEGER REFERENCES unit,"
    "  stance TEXT, stance_evidence TEXT) STRICT;"
    "CREATE INDEX message_state ON message(state) WHERE state = 'stored';"
    "CREATE INDEX message_by_id ON message(message_id);"
    "CREATE INDEX message_matter ON message(matter, unit);"
    "CREATE TABLE arrival ("
    "  folder TEXT NOT NULL, uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL,"
    "  outcome TEXT NOT NULL CHECK (outcome IN ('stored','duplicate','refused')),"
    "  message INTEGER REFERENCES message, reason TEXT, at TEXT NOT NULL,"
    "  PRIMARY KEY (folder, uidvalidity, uid),"
    "  CHECK ((outcome = 'refused') = (message IS NULL))) STRICT, WITHOUT ROWID;"
    "CREATE TABLE attachment ("
    "  message INTEGER NOT NULL REFERENCES message, position INTEGER NOT NULL,"
    "  filename TEXT NOT NULL, content_type TEXT NOT NULL, size INTEGER NOT NULL,"
    "  sha256 TEXT NOT NULL, inline INTEGER NOT NULL,"
    "  PRIMARY KEY (message, position)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE evidence ("
    "  message INTEGER NOT NULL REFERENCES message, position INTEGER NOT NULL,"
    "  rule TEXT NOT NULL, weight INTEGER NOT NULL, text TEXT NOT NULL,"
    "  PRIMARY KEY (message, position)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE submission ("
    "  id INTEGER PRIMARY KEY, matter INTEGER NOT NULL REFERENCES matter,"
    "  unit INTEGER NOT NULL REFERENCES unit, version INTEGER NOT NULL,"
    "  message INTEGER REFERENCES message, how TEXT NOT NULL, stance TEXT NOT NULL,"
    "  evidence TEXT, text TEXT NOT NULL, filename TEXT, sha256 TEXT REFERENCES raw,"
    "  received_at TEXT NOT NULL, recorded_at TEXT NOT NULL, late INTEGER NOT NULL,"
    "  fingerprint TEXT, voided_at TEXT, void_reason TEXT,"
    "  UNIQUE (matter, unit, version)) STRICT;"

    "CREATE TABLE review ("
    "  id INTEGER PRIMARY KEY, reason TEXT NOT NULL, text TEXT NOT NULL,"
    "  message INTEGER REFERENCES message, outbox INTEGER REFERENCES outbox,"
    "  matter INTEGER REFERENCES matter, unit INTEGER REFERENCES unit,"
    "  opened_at TEXT NOT NULL, settled_at TEXT, settlement TEXT) STRICT;"
    "CREATE INDEX review_open ON review(matter, unit) WHERE settled_at IS NULL;"

    /* What we owe. The key makes it once; the Message-ID is its own from the first moment. */
    "CREATE TABLE outbox ("
    "  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
    "  channel TEXT NOT NULL CHECK (channel IN ('mail','wecom')), kind TEXT NOT NULL,"
    "  matter INTEGER REFERENCES matter, unit INTEGER REFERENCES unit,"
    "  message INTEGER REFERENCES message, message_id TEXT UNIQUE,"
    "  subject TEXT NOT NULL, text TEXT NOT NULL, html TEXT, in_reply_to TEXT, refs TEXT,"
    "  state TEXT NOT NULL CHECK (state IN ('queued','held','sending','sent','deferred','failed',"
    "    'uncertain','cancelled')),"
    "  attempts INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, next_at TEXT, sent_at TEXT,"
    "  code INTEGER, reply TEXT) STRICT;"
    "CREATE INDEX outbox_state ON outbox(state);"
    "CREATE INDEX outbox_matter ON outbox(matter, unit, kind);"
    "CREATE TABLE recipient ("
    "  outbox INTEGER NOT NULL REFERENCES outbox, address TEXT NOT NULL,"
    "  state TEXT NOT NULL CHECK (state IN ('waiting','accepted','refused','bounced')),"
    "  reply TEXT, PRIMARY KEY (outbox, address)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE enclosure ("
    "  outbox INTEGER NOT NULL REFERENCES outbox, position INTEGER NOT NULL,"
    "  filename TEXT NOT NULL, content_type TEXT NOT NULL,"
    "  sha256 TEXT NOT NULL REFERENCES raw, PRIMARY KEY (outbox, position)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE event ("
    "  id INTEGER PRIMARY KEY, at TEXT NOT NULL, what TEXT NOT NULL, text TEXT NOT NULL,"
    "  matter INTEGER REFERENCES matter, unit INTEGER REFERENCES unit,"
    "  message INTEGER REFERENCES message, outbox INTEGER REFERENCES outbox) STRICT;"
    "CREATE INDEX event_matter ON event(matter);";

/* Attempts in real seconds, for the providers' limits. And an index by which an open item is found
 * again: without it 100,000 letters from strangers took minutes. */
static const char version_2[] =
    "CREATE TABLE pace (lane TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX pace_lane ON pace(lane, at);"
    "CREATE INDEX review_same ON review"
    " (message, outbox, matter, unit, reason) WHERE settled_at IS NULL;";

/* What lianluo-read said of an attachment, once for all messages that bring it. */
static const char version_3[] =
    "CREATE TABLE document ("
    "  sha256 TEXT PRIMARY KEY, json TEXT NOT NULL, read_at TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID;";

/* What units want changed, and what became of it. A disposition outlives versions: it belongs to
 * what is asked for, not to the mail that asked. */
static const char version_4[] =
    "CREATE TABLE opinion ("
    "  submission INTEGER NOT NULL REFERENCES submission, position INTEGER NOT NULL,"
    "  key TEXT NOT NULL, json TEXT NOT NULL,"
    "  PRIMARY KEY (submission, position)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE disposition ("
    "  matter INTEGER NOT NULL REFERENCES matter, unit INTEGER NOT NULL REFERENCES unit,"
    "  key TEXT NOT NULL, disposition TEXT NOT NULL CHECK (disposition IN"
    "    ('pending','adopted','partly_adopted','not_adopted')),"
    "  reason TEXT NOT NULL, decided_at TEXT NOT NULL,"
    "  PRIMARY KEY (matter, unit, key)) STRICT, WITHOUT ROWID;";

/* The clerk by mail: which mails are one conversation, what was offered there by number, the codes
 * that were sent (never themselves, only what they are compared with), and the conversations in
 * which an address has proven itself. */
static const char version_5[] =
    "CREATE TABLE conversation ("
    "  message INTEGER PRIMARY KEY REFERENCES message,"
    "  root INTEGER NOT NULL REFERENCES message) STRICT;"
    "CREATE TABLE choice ("
    "  message INTEGER NOT NULL REFERENCES message, number INTEGER NOT NULL,"
    "  question INTEGER NOT NULL, command TEXT NOT NULL, matter INTEGER REFERENCES matter,"
    "  PRIMARY KEY (message, number)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE code ("
    "  id INTEGER PRIMARY KEY, address TEXT NOT NULL, salt TEXT NOT NULL, hash TEXT NOT NULL,"
    "  purpose TEXT NOT NULL, message INTEGER REFERENCES message,"
    "  matter INTEGER REFERENCES matter, commands TEXT NOT NULL, shown TEXT NOT NULL,"
    "  created_at TEXT NOT NULL, expires_at TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,"
    "  ended_at TEXT, ending TEXT CHECK ((ended_at IS NULL) = (ending IS NULL))) STRICT;"
    "CREATE INDEX code_address ON code(address COLLATE NOCASE);"
    "CREATE TABLE session ("
    "  address TEXT NOT NULL COLLATE NOCASE, root INTEGER NOT NULL REFERENCES message,"
    "  until TEXT NOT NULL, PRIMARY KEY (address, root)) STRICT, WITHOUT ROWID;"
    "ALTER TABLE outbox ADD COLUMN secret TEXT;";

/* What a person settled about an address, and the Message-IDs that a provider put in place of ours.
 */
static const char version_6[] =
    "CREATE TABLE learnt ("
    "  address TEXT NOT NULL COLLATE NOCASE, unit INTEGER NOT NULL REFERENCES unit,"
    "  times INTEGER NOT NULL, last_at TEXT NOT NULL,"
    "  PRIMARY KEY (address, unit)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE replaced_id ("
    "  message_id TEXT PRIMARY KEY, outbox INTEGER NOT NULL REFERENCES outbox"
    ") STRICT, WITHOUT ROWID;";

/* How much an address was told already is asked before each receipt. */
static const char version_7[] =
    "CREATE INDEX recipient_address ON recipient(address COLLATE NOCASE);";

/* What is made of a recipe when the mail that encloses it is written. */
static const char version_8[] =
    "ALTER TABLE enclosure ADD COLUMN recipe INTEGER NOT NULL DEFAULT 0;";

/* What was submitted to the signers, over a hash of all that would go out, and what they said. */
static const char version_9[] =
    "CREATE TABLE sign_off ("
    "  id INTEGER PRIMARY KEY, matter INTEGER NOT NULL REFERENCES matter, sha256 TEXT NOT NULL,"
    "  submitted_at TEXT NOT NULL, submitted_by TEXT NOT NULL,"
    "  outcome TEXT NOT NULL CHECK (outcome IN ('waiting','signed','returned','void')),"
    "  signed_at TEXT, ended_at TEXT, signer TEXT, remarks TEXT) STRICT;"
    "CREATE INDEX sign_off_matter ON sign_off(matter);";

/* A link in a mail expires. */
static const char version_10[] = "ALTER TABLE review ADD COLUMN due TEXT;"
                                 "CREATE INDEX review_due ON review(due)"
                                 " WHERE settled_at IS NULL AND due IS NOT NULL;";

/* 收到通知后3个工作日内: each unit's day follows from when its notice left. */
static const char version_11[] =
    "ALTER TABLE matter ADD COLUMN days INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE matter ADD COLUMN work_days INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE matter ADD COLUMN from_issue INTEGER NOT NULL DEFAULT 0;";

/* A message that counts for two units, or in two matters: the others beside its own. Without a
 * stance they are only proposed. */
static const char version_12[] =
    "CREATE TABLE message_side ("
    "  message INTEGER NOT NULL REFERENCES message, matter INTEGER REFERENCES matter,"
    "  unit INTEGER REFERENCES unit, stance TEXT) STRICT;"
    "CREATE INDEX message_side_message ON message_side(message);"
    "CREATE INDEX message_side_unit ON message_side(unit, matter);";

/* Names are learnt as addresses are. */
static const char version_13[] =
    "CREATE TABLE learnt_text ("
    "  what TEXT NOT NULL CHECK (what IN ('address','name')), text TEXT NOT NULL COLLATE NOCASE,"
    "  unit INTEGER NOT NULL REFERENCES unit, times INTEGER NOT NULL, last_at TEXT NOT NULL,"
    "  PRIMARY KEY (what, text, unit)) STRICT, WITHOUT ROWID;"
    "INSERT INTO learnt_text SELECT 'address', address, unit, times, last_at FROM learnt;"
    "DROP TABLE learnt;"
    "ALTER TABLE learnt_text RENAME TO learnt;";

const char *const schema_migrations[] = { version_1,  version_2,  version_3,  version_4, version_5,
                                          version_6,  version_7,  version_8,  version_9, version_10,
                                          version_11, version_12, version_13, NULL };

static gboolean migrate(struct db *db, int from, GError **error)
{
    g_autofree char *version = g_strdup_printf("PRAGMA user_version = %d", from + 1);
    db_begin(db);
    /* Another process may have done it while we waited for the lock. */
    if (db_version(db) == from) {
        sql_script(db, schema_migrations[from]);
        sql_script(db, version);
    }
    return db_commit(db, error);
}

gboolean schema_upgrade(struct db *db, GError **error)
{
    int newest = 0;
    while (schema_migrations[newest] != NULL)
        newest++;
    int version = db_version(db);
    if (version > newest)
        return fault_set(error, FAULT_REFUSED,
                         "数据库的版本是 %d，本程序只认识到 %d：请换用较新的 lianluo", version,
                         newest);
    for (; version < newest; version++)
        if (!migrate(db, version, error))
            return FALSE;
    return db_ok(db, error);
}

char *office_get(struct db *db, const char *key)
{
    return sql_one_text(db, "SELECT value FROM office WHERE key = ?", TXT(key));
}

void office_set(struct db *db, const char *key, const char *value)
{
    sql_run(db,
            "INSERT INTO office (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            TXT(key), TXT(value));
}
