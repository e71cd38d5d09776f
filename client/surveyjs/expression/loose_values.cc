#include "client/surveyjs/expression/loose_values.h"

#include <charconv>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"

namespace canvass::surveyjs {
namespace {

using nlohmann::json;

std::string Folded(const json& value) { return absl::AsciiStrToLower(absl::StripAsciiWhitespace(LooseText(value))); }

std::string NumberText(double number) {
  char buffer[32];
  const std::to_chars_result end = std::to_chars(buffer, buffer + sizeof(buffer), number);
  return std::string(buffer, end.ptr);
}

}  // namespace

std::optional<double> LooseNumber(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return std::nullopt;
  const std::string& text = value.get_ref<const std::string&>();
  // Of what SimpleAtod reads, words such as `inf` are no numbers here.
  const bool digits = !text.empty() && text.find_first_not_of("0123456789.-+eE \t") == std::string::npos;
  double number = 0;
  if (!digits || !absl::SimpleAtod(text, &number) || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<bool> LooseBool(const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  const std::string text = value.is_string() ? Folded(value) : "";
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::string LooseText(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number_integer() || value.is_number_unsigned()) return value.dump();
  if (value.is_number()) return NumberText(value.get<double>());
  return "";
}

bool IsEmpty(const json& value) {
  return value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty()) ||
         (value.is_array() && value.empty());
}

bool LooselyEqual(const json& a, const json& b) {
  const std::optional<double> a_number = LooseNumber(a);
  const std::optional<double> b_number = LooseNumber(b);
  if (a_number.has_value() && b_number.has_value()) return *a_number == *b_number;
  return Folded(a) == Folded(b);
}

bool LooselyOrdered(const json& a, absl::string_view op, const json& b) {
  const std::optional<double> a_number = LooseNumber(a);
  const std::optional<double> b_number = LooseNumber(b);
  int order = Folded(a).compare(Folded(b));
  if (a_number.has_value() && b_number.has_value()) order = *a_number < *b_number ? -1 : *a_number > *b_number ? 1 : 0;
  if (op == "=") return order == 0;
  if (op == "<") return order < 0;
  if (op == "<=") return order <= 0;
  if (op == ">") return order > 0;
  return order >= 0;
}

bool LooselyContains(const json& whole, const json& part) { return absl::StrContains(Folded(whole), Folded(part)); }

}  // namespace canvass::surveyjs
