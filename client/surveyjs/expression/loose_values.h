// Values as SurveyJS compares them: '5' equals 5, 'Yes' equals 'yes', and 'true' is true.
//
// Pure; thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_EXPRESSION_LOOSE_VALUES_H_
#define CANVASS_CLIENT_SURVEYJS_EXPRESSION_LOOSE_VALUES_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace canvass::surveyjs {

// The number that a number, or a text of digits, says.
std::optional<double> LooseNumber(const nlohmann::json& value);

// The boolean that a boolean, or the text `true` or `false`, says.
std::optional<bool> LooseBool(const nlohmann::json& value);

// A scalar as text: numbers without trailing zeros; empty for null, lists and objects.
std::string LooseText(const nlohmann::json& value);

// Null, or a text or list without anything in it.
bool IsEmpty(const nlohmann::json& value);

bool LooselyEqual(const nlohmann::json& a, const nlohmann::json& b);

// Whether `a` stands in the order `op` (= < <= > >=) to `b`; as numbers where both are, else as texts.
bool LooselyOrdered(const nlohmann::json& a, absl::string_view op, const nlohmann::json& b);

// Whether the text of `whole` contains that of `part`, whatever their case.
bool LooselyContains(const nlohmann::json& whole, const nlohmann::json& part);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_EXPRESSION_LOOSE_VALUES_H_
