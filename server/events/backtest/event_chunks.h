// The stored events of a span of time, a chunk at a time. While one chunk is worked on, the next one is read.
//
//   EventChunks chunks(database, scope, {.start = …, .end = …, .types = {"order.delivered"}, .wants_verdicts = true});
//   while (true) {
//     CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, chunks.Next());
//     if (rows.empty()) break;
//     for (const mysql::Row& row : rows) … row.String(EventChunks::kPayload) …
//   }
//
// Rows lie in the table by key, not by time, and a key is a digest: read in the order of time, each row costs a page of
// its own once the table is larger than the database's memory. So tens of thousands of keys are read from the index at
// a time, and their rows in the order of keys, which passes over the table once. Two such parts are in memory, some 100
// MB. Whoever can do without the order of time reads all by key, in one pass.
//
// Not thread-safe; calls block.
#ifndef CANVASS_SERVER_EVENTS_BACKTEST_EVENT_CHUNKS_H_
#define CANVASS_SERVER_EVENTS_BACKTEST_EVENT_CHUNKS_H_

#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/events/backtest/other_asks.h"
#include "server/mysql/database.h"
#include "server/mysql/value.h"

namespace canvass::events {

enum class EventOrder { kTime, kKey };

struct EventSpan {
  absl::Time start;
  absl::Time end;
  // One or more. The payload of others is not read: it is NULL.
  std::vector<std::string> types;
  // Otherwise verdicts are NULL.
  bool wants_verdicts = true;
  EventOrder order = EventOrder::kTime;
};

// How many events of all types there are in [start, end).
absl::StatusOr<int64_t> CountEvents(mysql::Database& database, const TenantScope& scope, absl::Time start,
                                    absl::Time end);

class EventChunks {
 public:
  // The columns of a row.
  enum Column : std::size_t { kKey, kTime, kReceiveTime, kContact, kPayload, kVerdicts };

  EventChunks(mysql::Database& database, const TenantScope& scope, EventSpan span);
  ~EventChunks();
  EventChunks(const EventChunks&) = delete;
  EventChunks& operator=(const EventChunks&) = delete;

  // The next ones; none once there are no more.
  absl::StatusOr<mysql::Rows> Next();

 private:
  // As many rows as one pass over the table is made for, in the order of the span.
  struct Pass {
    mysql::Rows rows;
    // Where the next one starts; nothing after the last.
    std::optional<EventPlace> last;
  };
  absl::StatusOr<Pass> ReadPass() const { return span_.order == EventOrder::kTime ? ReadByTime() : ReadByKey(); }
  absl::StatusOr<Pass> ReadByTime() const;
  absl::StatusOr<Pass> ReadByKey() const;
  absl::StatusOr<mysql::Rows> ReadKeys() const;
  absl::Status ReadRows(absl::Span<const Uuid> keys, mysql::Rows& rows) const;
  // "SELECT … FROM …" of the columns, with its parameters.
  std::string Select(mysql::Params& params) const;
  void ReadAhead();

  mysql::Database& database_;
  const TenantScope scope_;
  const EventSpan span_;
  // The pass that chunks are given from, and how many of its rows were.
  Pass pass_;
  std::size_t given_ = 0;
  // Behind which the next pass starts.
  EventPlace after_;
  std::future<absl::StatusOr<Pass>> ahead_;
};

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_BACKTEST_EVENT_CHUNKS_H_
