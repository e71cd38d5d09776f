#include "server/events/backtest/event_chunks.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"

namespace canvass::events {
namespace {

constexpr int kChunk = 4000;

}  // namespace

EventChunks::EventChunks(mysql::Database& database, const TenantScope& scope, EventSpan span)
    : database_(database), scope_(scope), span_(std::move(span)), after_time_(span_.start) {
  ReadAhead();
}

EventChunks::~EventChunks() {
  if (ahead_.valid()) ahead_.wait();
}

absl::StatusOr<int64_t> EventChunks::Count() {
  int64_t count = 0;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope_, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query("SELECT COUNT(*) FROM events FORCE INDEX (by_time) WHERE tenant_id = ? AND event_time >= ? AND "
                 "event_time < ?",
                 mysql::Params().Add(scope_.tenant()).Add(span_.start).Add(span_.end)));
    count = rows[0].Int(0);
    return absl::OkStatus();
  }));
  return count;
}

absl::StatusOr<mysql::Rows> EventChunks::Next() {
  if (!ahead_.valid()) return mysql::Rows();
  CANVASS_ASSIGN_OR_RETURN(mysql::Rows rows, ahead_.get());
  if (rows.size() == kChunk) {
    after_time_ = rows.back().Time(kTime);
    after_key_ = rows.back().Uuid(kKey);
    ReadAhead();
  }
  return rows;
}

void EventChunks::ReadAhead() {
  ahead_ = std::async(std::launch::async, [this] { return Read(); });
}

// All types in one statement: by LIMIT, each then reads a bounded number of rows, however rare ours are.
absl::StatusOr<mysql::Rows> EventChunks::Read() const {
  mysql::Params params;
  const std::string ours = absl::StrCat("type IN ", mysql::Placeholders(span_.types.size()));
  for (int column = 0; column < (span_.wants_verdicts ? 2 : 1); ++column) {
    for (const std::string& type : span_.types) params.Add(type);
  }
  params.Add(scope_.tenant()).Add(after_time_).Add(span_.end).Add(after_time_).Add(after_key_).Add(kChunk);
  const std::string sql =
      absl::StrCat("SELECT event_key, event_time, receive_time, contact_id, IF(", ours, ", payload, NULL), ",
                   span_.wants_verdicts ? absl::StrCat("IF(", ours, ", verdicts, NULL)") : "NULL",
                   " FROM events FORCE INDEX (by_time) WHERE tenant_id = ? AND event_time >= ? AND event_time < ? AND "
                   "(event_time > ? "
                   "OR event_key > ?) ORDER BY event_time, event_key LIMIT ?");
  mysql::Rows rows;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope_, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(rows, tx.Query(sql, params));
    return absl::OkStatus();
  }));
  return rows;
}

}  // namespace canvass::events
