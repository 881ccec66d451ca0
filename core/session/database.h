#pragma once
// SQLite: connections and statements that close themselves, and faults as exceptions of one line.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace moescope {

/// One line, "PATH: REASON", for a person.
class DatabaseError : public std::runtime_error {
 public:
  DatabaseError(const std::string& line, int code) : std::runtime_error(line), code_(code) {}
  bool ofTheDisk() const;   ///< a fault of the file or its folder, not of what was to be written
  bool ofContents() const;  ///< what lies in the file is not whole

 private:
  int code_;
};

class Database {
 public:
  /// ReadAndTidy: what SQLite lays beside the file while it is read goes again with its last reader, which it does not with Read.
  /// Rescue: what is there as it is, without the journal beside it, also where the file is shorter than it says.
  enum class Access { Write, Read, ReadAndTidy, ReadAsItLies, Rescue };

  /// A file that is not there is made by Access::Write. SQL that the file brings along (triggers, views) is never run. Throws
  /// DatabaseError.
  Database(const std::filesystem::path& file, Access access);

  /// VACUUM INTO attaches the file that it writes, which is else refused. Only of a file whose tables were compared.
  void allowCopy();
  /// One statement or several, without results.
  void run(const std::string& sql);
  /// First column of the first row.
  std::int64_t number(const std::string& sql);
  std::string words(const std::string& sql);
  /// Whether the file stands no longer where it was opened.
  bool hasMoved() const;
  const std::string& path() const { return path_; }
  [[noreturn]] void fail(int code) const;

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  std::string path_;
  std::unique_ptr<sqlite3, Close> connection_;
};

/// A prepared statement, to be run again and again. The database must outlive it.
class Statement {
 public:
  Statement(Database& database, const std::string& sql);

  /// Binds what follows to ?1, ?2, ...; not a number becomes NULL, as SQLite has none.
  template <typename... Values>
  Statement& bind(const Values&... values) {
    reset();
    int place = 0;
    (put(++place, values), ...);
    return *this;
  }
  /// The next row; false: there is none.
  bool step();
  /// All of it, for what has no rows.
  void run();
  void reset();

  bool isNull(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;          ///< not a number where it is NULL
  std::string_view blob(int column) const;  ///< or text; until the next step

 private:
  void put(int place, std::int64_t value);
  void put(int place, std::uint64_t value) { put(place, static_cast<std::int64_t>(value)); }
  void put(int place, int value) { put(place, static_cast<std::int64_t>(value)); }
  void put(int place, double value);
  void put(int place, const std::string& text);
  /// Bytes; they must stay until the statement is reset.
  void put(int place, std::string_view bytes);

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// All or nothing: what was not committed when it goes out of scope is undone.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) { database_.run("BEGIN IMMEDIATE"); }
  ~Transaction();
  void commit();

 private:
  Database& database_;
  bool done_ = false;
};

}  // namespace moescope
