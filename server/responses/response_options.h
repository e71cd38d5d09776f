// What can be set about the taking of responses.
#ifndef CANVASS_SERVER_RESPONSES_RESPONSE_OPTIONS_H_
#define CANVASS_SERVER_RESPONSES_RESPONSE_OPTIONS_H_

#include <cstddef>

#include "absl/time/time.h"

namespace canvass::responses {

struct ResponseOptions {
  // Threads that write batches, each with a database session of its own while it does. Two keep the database busy while
  // one of them answers its callers.
  int writers = 2;
  // The writers' slots in metric_cells are first_slot, first_slot + 1, … Servers of one database that have slots of
  // their own never wait for each other's cells; sharing them is right, but slower.
  int first_slot = 0;

  // What may wait to be written. Beyond it callers are told to come back later.
  std::size_t max_queued = 8192;
  std::size_t max_queued_bytes = std::size_t{64} << 20;

  // What one transaction takes at most.
  std::size_t max_batch = 512;
  std::size_t max_batch_bytes = std::size_t{4} << 20;
  // How long a writer that is free lets a batch gather while another one is busy. A call that comes alone is written at
  // once.
  absl::Duration hold_time = absl::Milliseconds(8);

  // Threads that ask the database for surveys that are not in memory, and how many calls may wait for them.
  int resolvers = 2;
  std::size_t max_resolving = 4096;

  // How long a call without an earlier deadline is worked on, above all while the database is away.
  absl::Duration max_wait = absl::Seconds(30);
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_RESPONSE_OPTIONS_H_
