#include "core/session/database.h"

#include <sqlite3.h>

#include <cstring>
#include <limits>

#include "core/session/compression.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr int kPatience = 2000;  // ms for another connection's transaction

std::string escaped(const std::string& path) {
  static const char* digits = "0123456789ABCDEF";
  std::string uri;
  for (const unsigned char byte : path) {
    if (byte == '?' || byte == '#' || byte == '%') {
      uri += {'%', digits[byte >> 4], digits[byte & 15]};
    } else {
      uri += static_cast<char>(byte);
    }
  }
  return uri;
}

/// What a person is told of a fault.
std::string reasonOf(sqlite3* connection, int code) {
  switch (code & 0xff) {
    case SQLITE_NOTADB: return translated("not a session: no SQLite database, or its beginning is damaged");
    case SQLITE_CORRUPT: return translated("damaged: what SQLite reads in it is not whole");
    case SQLITE_FULL: return translated("no space is left");
    case SQLITE_READONLY: return translated("may only be read here");
    case SQLITE_BUSY: return translated("another program is writing to it");
    case SQLITE_PROTOCOL: return translated("its folder has no locks that hold");
    case SQLITE_NOMEM: return translated("out of memory");
    default: break;
  }
  std::string reason = connection ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  if (const int error = connection ? sqlite3_system_errno(connection) : 0; error != 0)
    reason += std::string(" (") + std::strerror(error) + ")";
  return reason;
}

void harden(sqlite3* connection, Database::Access access) {
  const bool rescue = access == Database::Access::Rescue;
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, rescue ? 0 : 1, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_WRITABLE_SCHEMA, rescue ? 1 : 0,
                    nullptr);  // reads on where the file ends too soon
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, static_cast<int>(kLargestBlob + (1u << 20)));
  sqlite3_limit(connection, SQLITE_LIMIT_SQL_LENGTH, 1 << 16);
  sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0);
}

}  // namespace

bool DatabaseError::ofTheDisk() const { return code_ != SQLITE_TOOBIG && code_ != SQLITE_CONSTRAINT && code_ != SQLITE_MISMATCH; }

bool DatabaseError::ofContents() const { return code_ == SQLITE_CORRUPT || code_ == SQLITE_NOTADB; }

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

void Database::allowCopy() { sqlite3_limit(connection_.get(), SQLITE_LIMIT_ATTACHED, 1); }

Database::Database(const std::filesystem::path& file, Access access) : path_(file.string()) {
  const bool writes = access == Access::Write, tidies = access == Access::ReadAndTidy,
             lies = access == Access::ReadAsItLies || access == Access::Rescue;
  const std::string uri = "file:" + escaped(std::filesystem::absolute(file).string()) + (lies ? "?immutable=1" : "");
  const int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
                    (writes   ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                     : tidies ? SQLITE_OPEN_READWRITE
                              : SQLITE_OPEN_READONLY);
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(uri.c_str(), &connection, flags, nullptr);
  connection_.reset(connection);
  if (code != SQLITE_OK) fail(code);
  if (tidies && sqlite3_db_readonly(connection, "main") != 0) fail(SQLITE_READONLY);  // it could not take away what it lays there
  harden(connection, access);
  sqlite3_busy_timeout(connection, kPatience);
  run("PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON");
  if (tidies) run("PRAGMA query_only = ON");
}

void Database::fail(int code) const { throw DatabaseError(path_ + ": " + reasonOf(connection_.get(), code), code & 0xff); }

void Database::run(const std::string& sql) {
  if (const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK) fail(code);
}

std::int64_t Database::number(const std::string& sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

std::string Database::words(const std::string& sql) {
  Statement statement(*this, sql);
  return statement.step() ? std::string(statement.blob(0)) : std::string();
}

bool Database::hasMoved() const {
  int moved = 0;
  sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return moved != 0;
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(Database& database, const std::string& sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v3(database.connection_.get(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  statement_.reset(statement);
  if (code != SQLITE_OK) database_.fail(code);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_.fail(code);
  return false;
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

bool Statement::isNull(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

double Statement::real(int column) const {
  return isNull(column) ? std::numeric_limits<double>::quiet_NaN() : sqlite3_column_double(statement_.get(), column);
}

std::string_view Statement::blob(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int length = sqlite3_column_bytes(statement_.get(), column);
  return bytes ? std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(length)) : std::string_view{};
}

void Statement::put(int place, std::int64_t value) {
  if (const int code = sqlite3_bind_int64(statement_.get(), place, value); code != SQLITE_OK) database_.fail(code);
}

void Statement::put(int place, double value) {
  if (const int code = sqlite3_bind_double(statement_.get(), place, value); code != SQLITE_OK) database_.fail(code);
}

void Statement::put(int place, const std::string& text) {
  const int code = sqlite3_bind_text64(statement_.get(), place, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) database_.fail(code);
}

void Statement::put(int place, std::string_view bytes) {
  if (const int code = sqlite3_bind_blob64(statement_.get(), place, bytes.data(), bytes.size(), SQLITE_STATIC); code != SQLITE_OK)
    database_.fail(code);
}

Transaction::~Transaction() {
  if (done_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const DatabaseError&) {
    // A fault such as a full disk has undone it already.
  }
}

void Transaction::commit() {
  database_.run("COMMIT");
  done_ = true;
}

}  // namespace moescope
