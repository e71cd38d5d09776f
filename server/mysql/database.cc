#include "server/mysql/database.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/clock.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/mysql/connection.h"
#include "server/mysql/pool.h"
#include "server/mysql/status_mapping.h"

namespace canvass::mysql {
namespace {

// Deadlocks between a handful of writers are over after two or three tries; after ten something else is wrong.
constexpr int kMaxAttempts = 10;
// With the pool's own checks a second broken session in a row means that the database is going up and down.
constexpr int kMaxLostConnections = 3;
constexpr absl::Duration kFirstBackoff = absl::Milliseconds(2);
constexpr absl::Duration kMaxBackoff = absl::Milliseconds(250);

constexpr std::size_t kMaxRows = 256;
// The protocol counts placeholders in 16 bits.
constexpr std::size_t kMaxPlaceholders = 65535;
// Well under the 16 MiB that every server accepts.
constexpr std::size_t kMaxStatementBytes = std::size_t{4} << 20;

std::size_t BytesOf(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? sizeof(int64_t) : text->size();
}

// How many of the rows at the front of `values` go into the next statement: a power of two.
std::size_t NextChunk(absl::Span<const Value> values, std::size_t columns) {
  const std::size_t limit = std::min({values.size() / columns, kMaxRows, kMaxPlaceholders / columns});
  std::size_t rows = 1;
  std::size_t bytes = 0;
  std::size_t counted = 0;
  while (rows * 2 <= limit) {
    for (; counted < rows * 2 * columns; ++counted) bytes += BytesOf(values[counted]);
    if (bytes > kMaxStatementBytes) break;
    rows *= 2;
  }
  return rows;
}

std::string InsertText(absl::string_view head, std::size_t columns, std::size_t rows, absl::string_view tail) {
  const std::string tuple = Placeholders(columns);
  std::string sql;
  sql.reserve(head.size() + tail.size() + rows * (tuple.size() + 1) + 2);
  absl::StrAppend(&sql, head, " ", tuple);
  for (std::size_t row = 1; row < rows; ++row) absl::StrAppend(&sql, ",", tuple);
  if (!tail.empty()) absl::StrAppend(&sql, " ", tail);
  return sql;
}

}  // namespace

std::string Placeholders(std::size_t count) {
  std::string text = "(";
  for (std::size_t i = 0; i < count; ++i) text.append(i == 0 ? "?" : ",?");
  text.push_back(')');
  return text;
}

std::size_t PadCount(std::size_t count) {
  std::size_t padded = 1;
  while (padded < count) padded *= 2;
  return padded;
}

std::string TenantPairs(const TenantScope& scope, absl::Span<const Uuid> keys, Params& params) {
  const std::size_t padded = std::max<std::size_t>(2, PadCount(keys.size()));
  std::string pairs = "(";
  for (std::size_t i = 0; i < padded; ++i) {
    pairs += i == 0 ? "(?,?)" : ",(?,?)";
    params.Add(scope.tenant()).Add(keys[std::min(i, keys.size() - 1)]);
  }
  return pairs + ")";
}

absl::Status Transaction::CheckUsable(Access wanted) const {
  CANVASS_RETURN_IF_ERROR(failure_);
  if (wanted == Access::kReadWrite && access_ == Access::kReadOnly) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "a statement that writes inside Read()");
  }
  if (clock_ != nullptr && clock_->Now() >= deadline_) {
    return DeadlineStatus("the deadline passed before the database was asked");
  }
  return absl::OkStatus();
}

absl::Status Transaction::Note(absl::Status status) {
  // A duplicate is an answer, and a statement that the server does not understand has changed nothing.
  const bool undone = absl::IsAborted(status) || absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
  if (undone) failure_ = status;
  return status;
}

absl::StatusOr<Rows> Transaction::Query(absl::string_view sql, const Params& params) {
  CANVASS_RETURN_IF_ERROR(CheckUsable(Access::kReadOnly));
  absl::StatusOr<Rows> rows = connection_.Query(sql, params.values());
  if (!rows.ok()) return Note(rows.status());
  return rows;
}

absl::StatusOr<int64_t> Transaction::Execute(absl::string_view sql, const Params& params) {
  return ExecuteValues(sql, params.values());
}

absl::StatusOr<int64_t> Transaction::ExecuteValues(absl::string_view sql, absl::Span<const Value> values) {
  CANVASS_RETURN_IF_ERROR(CheckUsable(Access::kReadWrite));
  absl::StatusOr<int64_t> matched = connection_.Execute(sql, values);
  if (!matched.ok()) return Note(matched.status());
  return matched;
}

absl::Status Transaction::InsertRows(absl::string_view head, int columns, const Params& params,
                                     absl::string_view tail) {
  const auto width = static_cast<std::size_t>(columns);
  if (columns <= 0 || width > kMaxPlaceholders || params.size() % width != 0) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                 absl::StrCat(params.size(), " values do not fill rows of ", columns, " columns"));
  }
  absl::Span<const Value> values = params.values();
  std::string sql;
  std::size_t rows_in_sql = 0;
  while (!values.empty()) {
    const std::size_t rows = NextChunk(values, width);
    if (rows != rows_in_sql) sql = InsertText(head, width, rows, tail);
    rows_in_sql = rows;
    CANVASS_RETURN_IF_ERROR(ExecuteValues(sql, values.first(rows * width)).status());
    values.remove_prefix(rows * width);
  }
  return absl::OkStatus();
}

Database::Database(std::unique_ptr<Pool> pool, Clock& clock) : pool_(std::move(pool)), clock_(clock) {}
Database::~Database() = default;

absl::Status Database::Write(const TenantScope& /*scope*/, TransactionFunction function, absl::Time deadline) {
  return Run(function, Transaction::Access::kReadWrite, deadline);
}

absl::Status Database::WriteShared(absl::Span<const TenantScope* const> scopes, TransactionFunction function,
                                   absl::Time deadline) {
  if (scopes.empty()) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "a shared transaction without a tenant");
  }
  return Run(function, Transaction::Access::kReadWrite, deadline);
}

absl::Status Database::Read(const TenantScope& /*scope*/, TransactionFunction function, absl::Time deadline) {
  return Run(function, Transaction::Access::kReadOnly, deadline);
}

absl::Status Database::System(TransactionFunction function, absl::Time deadline) {
  return Run(function, Transaction::Access::kReadWrite, deadline);
}

absl::Duration Database::Backoff(int attempt) {
  const absl::Duration ceiling = std::min(kFirstBackoff * (int64_t{1} << std::min(attempt, 10)), kMaxBackoff);
  uint16_t jitter = 0;
  std::memcpy(&jitter, random_.Bytes(sizeof(jitter)).data(), sizeof(jitter));
  return ceiling * (0.5 + 0.5 * jitter / 65535.0);
}

absl::Status Database::Run(TransactionFunction function, Transaction::Access access, absl::Time deadline) {
  int lost_connections = 0;
  for (int attempt = 0;; ++attempt) {
    const absl::Duration left = deadline - clock_.Now();
    if (left <= absl::ZeroDuration()) return DeadlineStatus("the deadline passed before the database was asked");
    absl::Status status;
    {
      CANVASS_ASSIGN_OR_RETURN(const Pool::Borrowed connection, pool_->Borrow(left));
      status = RunOnce(*connection, function, access, deadline);
    }
    if (IsConnectionLost(status)) ++lost_connections;
    const bool again = IsConflict(status) || IsConnectionLost(status);
    if (!again || attempt + 1 == kMaxAttempts || lost_connections == kMaxLostConnections) return status;
    const absl::Duration pause = Backoff(attempt);
    if (clock_.Now() + pause >= deadline) return status;
    clock_.Sleep(pause);
  }
}

absl::Status Database::RunOnce(Connection& connection, TransactionFunction function, Transaction::Access access,
                               absl::Time deadline) {
  Transaction tx(connection, access, clock_, deadline);
  if (access == Transaction::Access::kReadOnly) {
    absl::Status status = function(tx);
    return tx.failure_.ok() ? status : tx.failure_;
  }
  CANVASS_RETURN_IF_ERROR(connection.Begin());
  absl::Status status = function(tx);
  if (!tx.failure_.ok()) status = tx.failure_;
  if (status.ok()) {
    status = connection.Commit();
    // Only a conflict says that nothing was kept. After anything else the commit may have happened all the same.
    if (!status.ok() && !IsConflict(status)) status = CommitUnknownStatus();
    if (status.ok()) return status;
  }
  // Also after a conflict: some servers undo the last statement alone. A session that cannot even do this is broken,
  // and the pool throws it away.
  if (!connection.broken() && !connection.Rollback().ok()) connection.MarkBroken();
  return status;
}

}  // namespace canvass::mysql
