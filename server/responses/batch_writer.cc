#include "server/responses/batch_writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"

namespace canvass::responses {
namespace {

// A key that is taken although it was looked up a moment before was taken in between. More often than this in a row is
// no accident.
constexpr int kMaxDuplicates = 5;
// Between attempts to find out what a COMMIT has done.
constexpr absl::Duration kFirstPause = absl::Milliseconds(20);
constexpr absl::Duration kMaxPause = absl::Seconds(1);
constexpr absl::Duration kRetryAfter = absl::Seconds(1);

absl::Status OutcomeUnknown() {
  return RetryLater(absl::StatusCode::kUnavailable, v1::ERROR_REASON_OUTCOME_UNKNOWN,
                    "the connection to the database was lost while the response was being saved; it may be saved or "
                    "not: send it again with the same invitation or request_id",
                    kRetryAfter);
}

std::vector<Submission*> Pointers(const BatchWriter::Items& items) {
  std::vector<Submission*> pointers;
  pointers.reserve(items.size());
  for (const std::unique_ptr<Submission>& item : items) pointers.push_back(item.get());
  return pointers;
}

absl::Time LatestDeadline(const BatchWriter::Items& items) {
  absl::Time latest = absl::InfinitePast();
  for (const std::unique_ptr<Submission>& item : items) latest = std::max(latest, item->deadline);
  return latest;
}

bool AnyMaybeStored(const BatchWriter::Items& items) {
  return std::any_of(items.begin(), items.end(),
                     [](const std::unique_ptr<Submission>& item) { return item->maybe_stored; });
}

BatchWriter::Items TakeFirstHalf(BatchWriter::Items& items) {
  const auto middle = items.begin() + static_cast<std::ptrdiff_t>(items.size() / 2);
  BatchWriter::Items half(std::make_move_iterator(items.begin()), std::make_move_iterator(middle));
  items.erase(items.begin(), middle);
  return half;
}

}  // namespace

void BatchWriter::Write(Items items, int slot) {
  KnownKeys known_keys = KnownKeys::kOfAnswered;
  int duplicates = 0;
  absl::Duration pause = kFirstPause;
  while (AnswerExpired(items), !items.empty()) {
    const absl::Time now = clock_.Now();
    const absl::Time latest = LatestDeadline(items);
    ResponseBatch batch(rooms_, Pointers(items), now);
    const absl::Status status = database_.WriteShared(
        batch.scopes(), [&](mysql::Transaction& tx) { return batch.Write(tx, slot, known_keys); },
        items.size() == 1 ? latest : std::min(latest, now + patience_));
    if (status.ok()) {
      batch.MarkCommitted();
      items = Settle(batch, std::move(items));
      continue;
    }
    if (mysql::IsDuplicateKey(status) && ++duplicates <= kMaxDuplicates) {
      known_keys = KnownKeys::kAll;
      continue;
    }
    if (mysql::CommitUnknown(status)) {
      for (const std::unique_ptr<Submission>& item : items) item->maybe_stored = true;
    }
    if (absl::IsUnavailable(status) || items.size() == 1) {
      AnswerUnwritten(items, status);
      if (!AnyMaybeStored(items)) return;
      clock_.Sleep(pause);
      pause = std::min(pause * 2, kMaxPause);
      continue;
    }
    Write(TakeFirstHalf(items), slot);
  }
}

void BatchWriter::AnswerExpired(Items& items) {
  const absl::Time now = clock_.Now();
  std::erase_if(items, [&](const std::unique_ptr<Submission>& item) {
    if (now < item->deadline) return false;
    item->Answer(item->maybe_stored ? OutcomeUnknown()
                                    : Error(absl::StatusCode::kDeadlineExceeded, v1::ERROR_REASON_DEADLINE_EXCEEDED,
                                            "the call's deadline passed before the response was written"));
    return true;
  });
}

void BatchWriter::AnswerUnwritten(Items& items, const absl::Status& status) {
  std::erase_if(items, [&](const std::unique_ptr<Submission>& item) {
    if (item->maybe_stored) return false;
    item->Answer(status);
    return true;
  });
}

BatchWriter::Items BatchWriter::Settle(ResponseBatch& batch, Items items) {
  absl::flat_hash_map<const Submission*, int> missing_versions;
  for (std::size_t i = 0; i < batch.items().size(); ++i) {
    Verdict& verdict = batch.verdicts()[i];
    if (verdict.missing_version == 0) {
      batch.items()[i]->Answer(std::move(verdict.answer));
    } else {
      missing_versions[batch.items()[i]] = verdict.missing_version;
    }
  }
  // Outside of the transaction, so that no row stays locked while the database is asked for a survey.
  std::erase_if(items, [&](const std::unique_ptr<Submission>& item) {
    const auto missing = missing_versions.find(item.get());
    return missing == missing_versions.end() || !LoadVersion(*item, missing->second);
  });
  return items;
}

bool BatchWriter::LoadVersion(Submission& item, int version) {
  auto loaded = rooms_.catalog.Version(item.scope, item.survey, version);
  if (!loaded.ok()) {
    item.Answer(loaded.status());
    return false;
  }
  item.version = *std::move(loaded);
  // Its invitation was found open, under a lock: whatever COMMIT went unanswered has not happened.
  item.maybe_stored = false;
  return true;
}

}  // namespace canvass::responses
