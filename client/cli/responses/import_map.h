// What the columns of a table of answers are: by their names, or as a file says.
//
//   time_format: "%d.%m.%Y %H:%M"         # of times that are not RFC 3339; without one, 2026-01-31 14:03 is understood
//   time_zone: Europe/Prague
//   ignore: [Internal number]
//   columns:
//     answer_time: Submitted at
//     contact: Customer
//     language: {value: cs}               # the same for all rows
//     facts.event.store: Branch
//     facts.event.total: {column: Amount, type: number}
//     recommend:
//       column: How likely?
//       values: {Very likely: 10, Likely: 8}
//       dismissed: [N/A]
//
// A name is a question's key (`recommend`, or `answer.recommend` where it is also the name of something else), a row of
// a matrix (`quality.speed`), what was written beside an option (`reason.other`), `answer_time`, `start_time`,
// `contact`, `language`, `channel`, `device`, `request_id`, `dismissed` (questions that were seen and not answered), or
// a fact (`facts.event.store`), or a hidden field of the survey (`hidden.plan`). Columns that the file does not name
// are what they are called.
//
// Thread-safe once made. The definition must outlive it.
#ifndef CANVASS_CLIENT_CLI_RESPONSES_IMPORT_MAP_H_
#define CANVASS_CLIENT_CLI_RESPONSES_IMPORT_MAP_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/survey.pb.h"
#include "client/cli/documents/node.h"
#include "client/cli/documents/problems.h"

namespace canvass::cli {

// How times are written that are not RFC 3339.
struct TimeForm {
  // As absl::ParseTime takes it; empty: `2026-01-31 14:03:05` and its beginnings.
  std::string format;
  // Nothing: times must say their zone.
  std::optional<absl::TimeZone> zone;
};

// The moment that `text` says. InvalidArgument if it is none, also where clocks were set forward over it; of two
// moments the first.
absl::StatusOr<absl::Time> ReadTime(absl::string_view text, const TimeForm& form);

// One field of a response, and how cells become its value.
struct ImportTarget {
  enum class Field {
    kIgnored,
    kAnswer,
    kMatrixRow,
    kOtherText,
    kDismissed,
    kAnswerTime,
    kStartTime,
    kContact,
    kLanguage,
    kChannel,
    kDevice,
    kRequestId,
    kFact,
  };
  enum class Type { kAsWritten, kText, kNumber, kBoolean };

  // As in the file above.
  std::string name;
  // The title of its column; empty if there is none.
  std::string column;
  Field field = Field::kIgnored;
  const v1::Question* question = nullptr;
  // Of a row of a matrix: its key.
  std::string row;
  // Of a fact: `event`, `store`; of a hidden field: `hidden`, `plan`.
  std::vector<std::string> path;
  Type type = Type::kAsWritten;
  // What cells stand for. Of options their texts are known without.
  absl::flat_hash_map<std::string, std::string> values;
  // The keys of the options, where the question has some.
  absl::flat_hash_set<std::string> options;
  // Cells that mean: seen, not answered.
  absl::flat_hash_set<std::string> dismissed;
  // Where the cell is empty or missing.
  std::string value;
};

class ImportMap {
 public:
  // Of `document`, which `source` is the name of; nullptr: by name alone. UsageError with every fault.
  static absl::StatusOr<ImportMap> Make(const v1::SurveyDefinition& definition, const Node* document,
                                        absl::string_view source);

  // What the file names.
  const std::vector<ImportTarget>& targets() const { return targets_; }
  // What a column of that name is that the file does not name. InvalidArgument with the nearest name if it is nothing.
  absl::StatusOr<ImportTarget> TargetCalled(absl::string_view name) const;
  const TimeForm& times() const { return times_; }

 private:
  explicit ImportMap(const v1::SurveyDefinition& definition) : definition_(&definition) {}

  const v1::Question* FindQuestion(absl::string_view key) const;
  std::vector<std::string> KnownNames() const;
  void ReadTimes(const Node& document, Problems& problems);
  void ReadIgnored(const Node& document, Problems& problems);
  void ReadColumn(const Member& member, Problems& problems);
  static void ReadDetails(const Node& details, ImportTarget& target, Problems& problems);

  const v1::SurveyDefinition* definition_;
  std::vector<ImportTarget> targets_;
  absl::flat_hash_set<std::string> ignored_;
  TimeForm times_;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_RESPONSES_IMPORT_MAP_H_
