// The stored events of a span of time, in the order of their times and keys, a chunk at a time. While one chunk is
// worked on, the next one is read.
//
//   EventChunks chunks(database, scope, {.start = …, .end = …, .types = {"order.delivered"}, .wants_verdicts = true});
//   while (true) {
//     CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, chunks.Next());
//     if (rows.empty()) break;
//     for (const mysql::Row& row : rows) … row.String(EventChunks::kPayload) …
//   }
//
// Two chunks are in memory at a time. Not thread-safe; calls block.
#ifndef CANVASS_SERVER_EVENTS_BACKTEST_EVENT_CHUNKS_H_
#define CANVASS_SERVER_EVENTS_BACKTEST_EVENT_CHUNKS_H_

#include <cstdint>
#include <future>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"
#include "server/mysql/value.h"

namespace canvass::events {

struct EventSpan {
  absl::Time start;
  absl::Time end;
  // One or more. The payload of others is not read: it is NULL.
  std::vector<std::string> types;
  // Otherwise verdicts are NULL.
  bool wants_verdicts = true;
};

class EventChunks {
 public:
  // The columns of a row.
  enum Column : std::size_t { kKey, kTime, kReceiveTime, kContact, kPayload, kVerdicts };

  EventChunks(mysql::Database& database, const TenantScope& scope, EventSpan span);
  ~EventChunks();
  EventChunks(const EventChunks&) = delete;
  EventChunks& operator=(const EventChunks&) = delete;

  // How many events of all types there are in the span.
  absl::StatusOr<int64_t> Count();
  // The next ones; none once there are no more.
  absl::StatusOr<mysql::Rows> Next();

 private:
  absl::StatusOr<mysql::Rows> Read() const;
  void ReadAhead();

  mysql::Database& database_;
  const TenantScope scope_;
  const EventSpan span_;
  // Behind which the next chunk starts.
  absl::Time after_time_;
  Uuid after_key_;
  std::future<absl::StatusOr<mysql::Rows>> ahead_;
};

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_BACKTEST_EVENT_CHUNKS_H_
