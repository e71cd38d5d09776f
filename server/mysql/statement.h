// Moves values into a prepared statement and out of its result. Functions throw the driver's exceptions; connection.cc,
// their only caller, catches them.
#ifndef CANVASS_SERVER_MYSQL_STATEMENT_H_
#define CANVASS_SERVER_MYSQL_STATEMENT_H_

#include <list>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/mysql/connector.h"
#include "server/mysql/value.h"

namespace canvass::mysql {

// Binds `params` to the placeholders from the first on.
void Bind(sql::PreparedStatement& statement, absl::Span<const Value> params);

// Reads all rows. Integers become int64_t (uint64_t where the column is unsigned), exact decimals int64_t where they
// have no fraction and fit, double otherwise; everything else is bytes.
Rows ReadRows(sql::ResultSet& result);

// The prepared statements of one connection by their text. The least recently used one goes when there are too many.
class StatementCache {
 public:
  explicit StatementCache(std::size_t capacity) : capacity_(capacity) {}

  // Returns the statement for `sql`, prepared on `connection` if it is not here yet. Valid until the next call.
  sql::PreparedStatement& Get(sql::Connection& connection, absl::string_view sql);
  // Forgets `sql`, so that the next Get prepares it anew.
  void Drop(absl::string_view sql);
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string sql;
    std::unique_ptr<sql::PreparedStatement> statement;
  };

  const std::size_t capacity_;
  std::list<Entry> entries_;                                                   // the most recently used first
  absl::flat_hash_map<absl::string_view, std::list<Entry>::iterator> by_sql_;  // keys point into entries_
};

}  // namespace canvass::mysql

#endif  // CANVASS_SERVER_MYSQL_STATEMENT_H_
