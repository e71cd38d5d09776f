// Reads every document of several files, before anything is sent: either all of them are good, or every fault of all of
// them is told at once.
//
//   absl::StatusOr<std::vector<Document<v1::Survey>>> surveys = LoadAll(files, tenant, ReadSurvey);
//
// Thread-safe but for the files.
#ifndef CANVASS_CLIENT_CLI_DOCUMENTS_LOAD_H_
#define CANVASS_CLIENT_CLI_DOCUMENTS_LOAD_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/documents/record_reader.h"
#include "client/cli/documents/resources.h"
#include "client/cli/exit_code.h"

namespace canvass::cli {

// One of resources.h.
template <typename Message>
using DocumentFunction = absl::StatusOr<Document<Message>> (*)(const Node&, const DocumentContext&);

// The documents of `files` in their order. UsageError with every fault, or if there is no document at all.
template <typename Message>
absl::StatusOr<std::vector<Document<Message>>> LoadAll(const std::vector<std::string>& files, const std::string& tenant,
                                                       DocumentFunction<Message> read) {
  std::vector<Document<Message>> documents;
  std::vector<std::string> faults;
  for (const std::string& file : files) {
    absl::StatusOr<RecordReader> reader = RecordReader::Open(file);
    if (!reader.ok()) return reader.status();
    while (true) {
      absl::StatusOr<std::optional<Node>> record = reader->Next();
      if (!record.ok()) {
        faults.emplace_back(record.status().message());
        break;
      }
      if (!record->has_value()) break;
      auto document = read(**record, {.source = reader->source(), .tenant = tenant});
      if (document.ok()) {
        documents.push_back(*std::move(document));
      } else {
        faults.emplace_back(document.status().message());
      }
    }
  }
  if (!faults.empty()) return UsageError(absl::StrJoin(faults, "\n"));
  if (documents.empty()) return UsageError(absl::StrCat("there is nothing in ", absl::StrJoin(files, ", ")));
  return documents;
}

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_DOCUMENTS_LOAD_H_
