// Sends the records of files in batches, however many there are, with progress on standard error. A record that is
// refused, here or by the server, is told with its line and does not stop the others.
//
//   BulkRun run(session, "events", files);
//   absl::Status status = run.Send<v1::Event>(ReadEvent, dry_run, [&](std::vector<Document<v1::Event>>& batch) { … });
//
// Not thread-safe.
#ifndef CANVASS_CLIENT_CLI_BULK_H_
#define CANVASS_CLIENT_CLI_BULK_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "canvass/v1/errors.pb.h"
#include "client/charts/progress.h"
#include "client/cli/documents/load.h"
#include "client/cli/session.h"

namespace canvass::cli {

class BulkRun {
 public:
  static constexpr std::size_t kBatch = 500;

  // `what` names the records in the plural.
  BulkRun(Session& session, std::string what, std::vector<std::string> files);

  // Reads every record of the files with `read` and gives them to `send`, up to kBatch at a time; with `dry_run` only
  // reads. `send` counts with Accept() and Refuse(). A status that is not ok ends it: PartlyDone if records were
  // refused.
  template <typename Message>
  absl::Status Send(DocumentFunction<Message> read, bool dry_run,
                    const std::function<absl::Status(std::vector<Document<Message>>&)>& send);

  // Counts records that were stored.
  void Accept(std::int64_t count) { accepted_ += count; }
  // Tells of a record that was refused, and counts it.
  void Refuse(const v1::Problem& problem, const Locations& locations);

  // Counts a record that was refused and told of elsewhere.
  void CountRefused() { ++refused_; }

  // Draws how far it has come.
  void Show(bool last);
  // PartlyDone if records were refused.
  absl::Status Summary() const;

  std::int64_t accepted() const { return accepted_; }
  std::int64_t refused() const { return refused_; }

 private:
  void RefuseLocally(const absl::Status& status);

  Session& session_;
  const std::string what_;
  const std::vector<std::string> files_;
  const absl::Time start_;
  charts::ProgressLine line_;
  std::int64_t accepted_ = 0;
  std::int64_t refused_ = 0;
};

template <typename Message>
absl::Status BulkRun::Send(DocumentFunction<Message> read, bool dry_run,
                           const std::function<absl::Status(std::vector<Document<Message>>&)>& send) {
  const absl::StatusOr<std::string> tenant = session_.Tenant();
  if (!tenant.ok()) return tenant.status();
  std::vector<Document<Message>> batch;
  const auto flush = [&]() -> absl::Status {
    absl::Status status = absl::OkStatus();
    if (dry_run) Accept(static_cast<std::int64_t>(batch.size()));
    if (!dry_run && !batch.empty()) status = send(batch);
    batch.clear();
    Show(false);
    return status;
  };
  for (const std::string& file : files_) {
    absl::StatusOr<RecordReader> reader = RecordReader::Open(file);
    if (!reader.ok()) return reader.status();
    while (true) {
      absl::StatusOr<std::optional<Node>> record = reader->Next();
      if (record.ok() && !record->has_value()) break;
      auto document = record.ok() ? read(**record, {.source = reader->source(), .tenant = *tenant}) : record.status();
      if (document.ok()) {
        batch.push_back(*std::move(document));
      } else {
        RefuseLocally(document.status());
      }
      if (batch.size() < kBatch) continue;
      absl::Status status = flush();
      if (!status.ok()) return status;
    }
  }
  absl::Status status = flush();
  if (!status.ok()) return status;
  Show(true);
  return Summary();
}

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_BULK_H_
