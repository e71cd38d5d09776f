// Brings a batch of submissions to an end: writes them in one transaction, and if that fails finds out what each of
// them gets. However it goes, every call is answered once, and what one item suffers does not fail its neighbours:
//
//   a key is taken (1062)     the batch is written again, with all keys looked up first
//   the database is away      all are answered Unavailable; they can be sent again
//   COMMIT went unanswered    the batch is inserted again on a new connection, and its keys are read if they are taken,
//                             until the database has said what is stored or the deadline of the call passes
//                             (OUTCOME_UNKNOWN)
//   anything else             the batch is halved, down to the one item that causes it
//
// Thread-safe; calls block.
#ifndef CANVASS_SERVER_RESPONSES_BATCH_WRITER_H_
#define CANVASS_SERVER_RESPONSES_BATCH_WRITER_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/mysql/database.h"
#include "server/responses/response_batch.h"
#include "server/responses/submission.h"

namespace canvass::responses {

class BatchWriter {
 public:
  using Items = std::vector<std::unique_ptr<Submission>>;

  // How long a batch of several is tried before it is halved: a row that somebody keeps locked must not use up the time
  // of all. A bit more than what a pool lets wait for a session, which halving would not help.
  static constexpr absl::Duration kPatience = absl::Seconds(6);

  BatchWriter(mysql::Database& database, const BatchRooms& rooms, Clock& clock, absl::Duration patience = kPatience)
      : database_(database), rooms_(rooms), clock_(clock), patience_(patience) {}

  // Stores what can be stored of `items` and answers all of them; `slot` is the writer's own. Items whose deadline has
  // passed are answered DeadlineExceeded and not written. Holds no lock while it answers.
  void Write(Items items, int slot);

 private:
  // Answers what a committed batch has decided; returns the others.
  Items Settle(ResponseBatch& batch, Items items);
  void AnswerExpired(Items& items);
  // Answers the items that are certainly not stored.
  void AnswerUnwritten(Items& items, const absl::Status& status);
  bool LoadVersion(Submission& item, int version);

  mysql::Database& database_;
  const BatchRooms rooms_;
  Clock& clock_;
  const absl::Duration patience_;
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_BATCH_WRITER_H_
