// What questions with a field to fill in may say: text, number, date; and what days and plain strings may be.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_DEFINITION_ENTRY_RULES_H_
#define CANVASS_SERVER_SURVEYS_DEFINITION_ENTRY_RULES_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "canvass/v1/question.pb.h"
#include "server/surveys/definition/faults.h"

namespace canvass::surveys {

// Each takes the path of what it checks.
void CheckFreeText(const std::string& path, const v1::TextQuestion& question, Faults& faults);
void CheckNumber(const std::string& path, const v1::NumberQuestion& question, Faults& faults);
void CheckDate(const std::string& path, const v1::DateQuestion& question, Faults& faults);

// At most so many characters, none of them a control character.
void CheckPlainText(const std::string& path, absl::string_view text, std::size_t max_characters, Faults& faults);

// The day that `text` says as `2026-01-31`: of the years 1 to 9999 of the Gregorian calendar; nullopt if it says none.
std::optional<absl::CivilDay> ParseDay(absl::string_view text);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_DEFINITION_ENTRY_RULES_H_
