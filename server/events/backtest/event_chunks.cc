#include "server/events/backtest/event_chunks.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"

namespace canvass::events {
namespace {

constexpr int kPass = 64'000;
constexpr std::size_t kChunk = 4000;
constexpr int kRowsByKey = 8000;
// Far below 1,000 values, from which on MariaDB turns an IN list into a subquery.
constexpr std::size_t kMaxInList = 512;

}  // namespace

absl::StatusOr<int64_t> CountEvents(mysql::Database& database, const TenantScope& scope, absl::Time start,
                                    absl::Time end) {
  int64_t count = 0;
  CANVASS_RETURN_IF_ERROR(database.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query("SELECT COUNT(*) FROM events FORCE INDEX (by_time) WHERE tenant_id = ? AND event_time >= ? AND "
                 "event_time < ?",
                 mysql::Params().Add(scope.tenant()).Add(start).Add(end)));
    count = rows[0].Int(0);
    return absl::OkStatus();
  }));
  return count;
}

EventChunks::EventChunks(mysql::Database& database, const TenantScope& scope, EventSpan span)
    : database_(database), scope_(scope), span_(std::move(span)), after_{.time = span_.start, .key = Uuid()} {
  ReadAhead();
}

EventChunks::~EventChunks() {
  if (ahead_.valid()) ahead_.wait();
}

absl::StatusOr<mysql::Rows> EventChunks::Next() {
  // A pass may have lost all its rows, if they were erased meanwhile.
  while (given_ == pass_.rows.size() && ahead_.valid()) {
    given_ = 0;
    CANVASS_ASSIGN_OR_RETURN(pass_, ahead_.get());
    if (!pass_.last.has_value()) break;
    after_ = *pass_.last;
    ReadAhead();
  }
  const std::size_t end = std::min(given_ + kChunk, pass_.rows.size());
  mysql::Rows chunk(std::make_move_iterator(pass_.rows.begin() + static_cast<std::ptrdiff_t>(given_)),
                    std::make_move_iterator(pass_.rows.begin() + static_cast<std::ptrdiff_t>(end)));
  given_ = end;
  return chunk;
}

void EventChunks::ReadAhead() {
  ahead_ = std::async(std::launch::async, [this] { return ReadPass(); });
}

absl::StatusOr<EventChunks::Pass> EventChunks::ReadByTime() const {
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows found, ReadKeys());
  Pass pass;
  if (found.size() == kPass) pass.last = {.time = found.back().Time(1), .key = found.back().Uuid(0)};
  std::vector<Uuid> keys;
  keys.reserve(found.size());
  for (const mysql::Row& row : found) keys.push_back(row.Uuid(0));
  std::sort(keys.begin(), keys.end());
  pass.rows.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); i += kMaxInList) {
    CANVASS_RETURN_IF_ERROR(ReadRows(absl::MakeConstSpan(keys).subspan(i, kMaxInList), pass.rows));
  }
  std::sort(pass.rows.begin(), pass.rows.end(), [](const mysql::Row& a, const mysql::Row& b) {
    return std::pair(a.Int(kTime), absl::string_view(a.String(kKey))) <
           std::pair(b.Int(kTime), absl::string_view(b.String(kKey)));
  });
  return pass;
}

// By the index alone.
absl::StatusOr<mysql::Rows> EventChunks::ReadKeys() const {
  mysql::Params params;
  params.Add(scope_.tenant()).Add(after_.time).Add(span_.end).Add(after_.time).Add(after_.key).Add(kPass);
  mysql::Rows rows;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope_, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(
        rows, tx.Query("SELECT event_key, event_time FROM events FORCE INDEX (by_time) WHERE tenant_id = ? AND "
                       "event_time >= ? AND event_time < ? AND (event_time > ? OR event_key > ?) ORDER BY event_time, "
                       "event_key LIMIT ?",
                       params));
    return absl::OkStatus();
  }));
  return rows;
}

absl::StatusOr<EventChunks::Pass> EventChunks::ReadByKey() const {
  mysql::Params params;
  const std::string select = Select(params);
  params.Add(scope_.tenant()).Add(after_.key).Add(span_.start).Add(span_.end).Add(kRowsByKey);
  Pass pass;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope_, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(
        pass.rows, tx.Query(absl::StrCat(select,
                                         "FORCE INDEX (PRIMARY) WHERE tenant_id = ? AND event_key > ? AND event_time "
                                         ">= ? AND event_time < ? ORDER BY event_key LIMIT ?"),
                            params));
    return absl::OkStatus();
  }));
  if (pass.rows.size() == kRowsByKey) pass.last = {.time = span_.start, .key = pass.rows.back().Uuid(kKey)};
  return pass;
}

absl::Status EventChunks::ReadRows(absl::Span<const Uuid> keys, mysql::Rows& rows) const {
  mysql::Params params;
  const std::string select = Select(params);
  const std::string pairs = mysql::TenantPairs(scope_, keys, params);
  const std::string sql = absl::StrCat(select, "FORCE INDEX (PRIMARY) WHERE (tenant_id, event_key) IN ", pairs);
  return database_.Read(scope_, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(mysql::Rows found, tx.Query(sql, params));
    std::move(found.begin(), found.end(), std::back_inserter(rows));
    return absl::OkStatus();
  });
}

std::string EventChunks::Select(mysql::Params& params) const {
  const std::string ours = absl::StrCat("type IN ", mysql::Placeholders(span_.types.size()));
  for (int column = 0; column < (span_.wants_verdicts ? 2 : 1); ++column) {
    for (const std::string& type : span_.types) params.Add(type);
  }
  return absl::StrCat("SELECT event_key, event_time, receive_time, contact_id, IF(", ours, ", payload, NULL), ",
                      span_.wants_verdicts ? absl::StrCat("IF(", ours, ", verdicts, NULL)") : "NULL", " FROM events ");
}

}  // namespace canvass::events
