// Hidden fields given on the command line or shown to people. What kind each is, the survey's declaration says:
//
//   TYPE_TEXT plan=pro     TYPE_NUMBER seats=5     TYPE_BOOLEAN trial=yes     TYPE_DATE since=2026-01-31
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_DOCUMENTS_HIDDEN_FIELDS_H_
#define CANVASS_CLIENT_CLI_DOCUMENTS_HIDDEN_FIELDS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"

namespace canvass::cli {

// The declared field of that key; nullptr if there is none. Valid as long as `definition` is not changed.
const v1::HiddenField* FindHiddenField(const v1::SurveyDefinition& definition, absl::string_view key);

// Sets what "key=value" gives. UsageError if the survey declares no such field, or if the value is not of its form;
// whether it fits, the server says.
absl::Status SetHiddenField(const v1::SurveyDefinition& definition, absl::string_view text, v1::Response& response);

// "plan pro, seats 5".
std::string HiddenFieldsText(const v1::Response& response);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_DOCUMENTS_HIDDEN_FIELDS_H_
