// A refusal as people read it: what, every violation with its place, the reason to search for, and what to do next.
//
//   error: the server refused 2 fields
//     survey.yaml:14: questions[1].csat.points: is 4; it must be 3, 5, 7 or 10
//     survey.yaml:20: questions[2].key: is used twice
//     reason: INVALID_SURVEY, request 5f2c…
//     next: correct the file and apply it again
//
// Thread-safe: a pure function.
#ifndef CANVASS_CLIENT_CLI_OUTPUT_ERROR_TEXT_H_
#define CANVASS_CLIENT_CLI_OUTPUT_ERROR_TEXT_H_

#include <string>

#include "absl/status/status.h"
#include "client/charts/style.h"
#include "client/cli/documents/problems.h"

namespace canvass::cli {

struct ErrorContext {
  // Where the call went, and where its credential came from ("context 'demo'", "CANVASS_KEY"); empty if nowhere.
  std::string address;
  std::string credential_source;
  // Of the document that was sent, if it came from a file.
  const Locations* locations = nullptr;
};

// Lines, each ended by '\n'.
std::string ErrorText(const absl::Status& status, const ErrorContext& context, const charts::ChartStyle& style);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OUTPUT_ERROR_TEXT_H_
