#include "server/conditions/facts.h"

#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/text/characters.h"

namespace canvass::conditions {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr std::size_t kMaxKeyInPath = 64;

bool IsIdentifier(absl::string_view key) {
  return !key.empty() &&
         absl::c_all_of(key, [](char c) { return c == '_' || absl::ascii_isalnum(static_cast<unsigned char>(c)); });
}

// Walks facts; `depth` counts the objects and lists around what is looked at.
class FactChecker {
 public:
  FactChecker(const FactLimits& limits, Violations& violations) : limits_(limits), violations_(violations) {}

  void CheckObject(const std::string& path, const Struct& object, int depth) {
    if (TooDeep(path, depth)) return;
    for (const auto& [key, value] : object.fields()) {
      if (Full()) return;
      const std::string below = absl::StrCat(path, ".", absl::Utf8SafeCHexEscape(Shorten(key, kMaxKeyInPath)));
      if (limits_.keys == FactKeys::kIdentifier && !IsIdentifier(key)) {
        violations_.Add(below, "is not a key: one or more of a-z, A-Z, 0-9 and '_'");
      }
      CheckValue(below, value, depth + 1);
    }
  }

 private:
  void CheckValue(const std::string& path, const Value& value, int depth) {
    switch (value.kind_case()) {
      case Value::kStructValue:
        return CheckObject(path, value.struct_value(), depth);
      case Value::kListValue:
        return CheckList(path, value.list_value(), depth);
      case Value::kNumberValue:
        if (!std::isfinite(value.number_value())) violations_.Add(path, "must be a finite number");
        return;
      case Value::KIND_NOT_SET:
        violations_.Add(path, "has no value; leave the key out or use null");
        return;
      default:
        return;
    }
  }

  void CheckList(const std::string& path, const google::protobuf::ListValue& list, int depth) {
    if (TooDeep(path, depth)) return;
    for (int i = 0; i < list.values_size() && !Full(); ++i) {
      CheckValue(absl::StrCat(path, "[", i, "]"), list.values(i), depth + 1);
    }
  }

  bool TooDeep(const std::string& path, int depth) {
    if (depth <= limits_.max_depth) return false;
    violations_.Add(path, absl::StrCat("is nested more than ", limits_.max_depth, " deep"));
    return true;
  }

  bool Full() const { return violations_.list().size() >= Violations::kMaxReported; }

  const FactLimits& limits_;
  Violations& violations_;
};

}  // namespace

const Value* Find(const Struct& facts, absl::string_view path) {
  const Struct* object = &facts;
  while (true) {
    const std::size_t dot = path.find('.');
    const auto found = object->fields().find(std::string(path.substr(0, dot)));
    if (found == object->fields().end()) return nullptr;
    const Value& value = found->second;
    if (dot == absl::string_view::npos) {
      const bool there = value.kind_case() != Value::kNullValue && value.kind_case() != Value::KIND_NOT_SET;
      return there ? &value : nullptr;
    }
    if (!value.has_struct_value()) return nullptr;
    object = &value.struct_value();
    path.remove_prefix(dot + 1);
  }
}

std::string NumberText(double number) {
  if (std::isnan(number) || std::isinf(number)) return "";
  const double magnitude = std::abs(number);
  if (number == std::trunc(number) && magnitude < 1e15) return absl::StrCat(static_cast<int64_t>(number));
  char buffer[64];
  // The shortest text that reads back as the same number, written out as JavaScript would.
  const auto format = magnitude >= 1e-6 && magnitude < 1e21 ? std::chars_format::fixed : std::chars_format::scientific;
  const std::to_chars_result end = std::to_chars(buffer, buffer + sizeof(buffer), number, format);
  return std::string(buffer, end.ptr);
}

std::string FactText(const Value& value) {
  switch (value.kind_case()) {
    case Value::kStringValue:
      return value.string_value();
    case Value::kNumberValue:
      return NumberText(value.number_value());
    case Value::kBoolValue:
      return value.bool_value() ? "true" : "false";
    default:
      return "";
  }
}

bool IsFactPath(absl::string_view path, absl::Span<const absl::string_view> roots) {
  if (path.size() > kMaxPathBytes || !IsUtf8(path) || HasControlCharacter(path)) return false;
  const std::vector<absl::string_view> parts = absl::StrSplit(path, '.');
  return parts.size() >= 2 && absl::c_linear_search(roots, parts[0]) &&
         absl::c_none_of(parts, [](absl::string_view part) { return part.empty(); });
}

void CheckFacts(absl::string_view field, const Struct& facts, const FactLimits& limits, Violations& violations) {
  // First the size: what is walked below is then small, whatever it is.
  const std::size_t bytes = facts.ByteSizeLong();
  if (bytes > limits.max_bytes) {
    violations.Add(field, absl::StrCat("has ", bytes, " bytes serialized; at most ", limits.max_bytes, " are allowed"));
    return;
  }
  FactChecker(limits, violations).CheckObject(std::string(field), facts, 1);
}

}  // namespace canvass::conditions
