// What a command is about: a stored survey by its id, or a file that need not be stored.
//
//   absl::StatusOr<Subject> subject = LoadSubject(session, "nps.yaml");   // or "post-purchase"
//
// Not thread-safe, as the session.
#ifndef CANVASS_CLIENT_CLI_SURVEY_SUBJECT_H_
#define CANVASS_CLIENT_CLI_SURVEY_SUBJECT_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"
#include "client/cli/documents/resources.h"
#include "client/cli/session.h"

namespace canvass::cli {

struct Subject {
  // Of a stored one the draft, unless a version was asked for.
  v1::Survey survey;
  // Of a file: where it says what.
  std::optional<Locations> locations;
};

// Whether `text` means a file: it has a dot, or a slash without being a resource name, or is "-".
bool IsFile(absl::string_view text);

// UsageError if the file does not hold exactly one good survey; the server's refusal if there is no such survey.
absl::StatusOr<Subject> LoadSubject(Session& session, const std::string& text);

// A stored survey with its draft.
absl::StatusOr<v1::Survey> GetSurvey(Session& session, const std::string& id);

// The full name of version `version` of the survey of that full name.
std::string VersionName(absl::string_view survey, int version);

// Writes `text` to `file`, or to standard output for "" and "-". UsageError if it cannot be written, or if it exists
// and `overwrite` is not given.
enum class Overwrite { kNo, kYes };
absl::Status WriteText(Session& session, const std::string& file, absl::string_view text, Overwrite overwrite);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_SURVEY_SUBJECT_H_
