#include "server/responses/response_filter.h"

#include <google/protobuf/struct.pb.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/conditions/condition.h"
#include "server/surveys/logic/answer_fact.h"

namespace canvass::responses {
namespace {

using google::protobuf::Struct;

constexpr std::size_t kMaxFilter = 4096;
constexpr absl::string_view kRoot = "response.";
constexpr std::array<absl::string_view, 17> kFields = {
    "survey",      "survey_version", "contact",     "invitation", "channel",     "language",
    "device",      "duration",       "tags",        "note",       "changed",     "excluded",
    "answer_time", "start_time",     "create_time", "answers",    "completeness"};

bool IsField(absl::string_view name) { return std::find(kFields.begin(), kFields.end(), name) != kFields.end(); }

// Only what starts with `response.` is known here: questions, attributes and facts are the tenant's own.
void CheckFields(absl::string_view field, const v1::Condition& condition, Violations& violations) {
  switch (condition.kind_case()) {
    case v1::Condition::kAll:
      for (const v1::Condition& inner : condition.all().conditions()) CheckFields(field, inner, violations);
      return;
    case v1::Condition::kAny:
      for (const v1::Condition& inner : condition.any().conditions()) CheckFields(field, inner, violations);
      return;
    case v1::Condition::kNot:
      return CheckFields(field, condition.not_(), violations);
    case v1::Condition::kCompare: {
      absl::string_view name = condition.compare().field();
      if (!absl::ConsumePrefix(&name, kRoot) || IsField(name)) return;
      violations.Add(field, absl::StrCat("'", absl::CHexEscape(condition.compare().field()),
                                         "' is not a field of a response: it has ", absl::StrJoin(kFields, ", ")));
      return;
    }
    default:
      return;
  }
}

// CHANNEL_IN_APP as in_app.
std::string EnumText(const std::string& name, absl::string_view prefix) {
  return absl::AsciiStrToLower(absl::StripPrefix(name, prefix));
}

class FactWriter {
 public:
  explicit FactWriter(Struct& facts) : fields_(*facts.mutable_fields()) {}

  void Text(const char* key, absl::string_view value) {
    if (!value.empty()) fields_[key].set_string_value(std::string(value));
  }
  void Number(const char* key, double value) { fields_[key].set_number_value(value); }
  void Boolean(const char* key, bool value) { fields_[key].set_bool_value(value); }
  void Time(const char* key, const google::protobuf::Timestamp& time) {
    Text(key, absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", FromProto(time), absl::UTCTimeZone()));
  }

 private:
  google::protobuf::Map<std::string, google::protobuf::Value>& fields_;
};

void WriteResponse(const v1::Response& response, Struct& facts) {
  FactWriter write(facts);
  write.Text("survey", LastSegment(response.survey()));
  write.Number("survey_version", response.survey_version());
  // Names of contacts are encoded; a filter names the id as the caller knows it.
  write.Text("contact", DecodeSegment(LastSegment(response.contact())).value_or(""));
  write.Text("invitation", LastSegment(response.invitation()));
  if (response.channel() != v1::Invitation::CHANNEL_UNSPECIFIED) {
    write.Text("channel", EnumText(v1::Invitation::Channel_Name(response.channel()), "CHANNEL_"));
  }
  if (response.device() != v1::Response::DEVICE_UNSPECIFIED) {
    write.Text("device", EnumText(v1::Response::Device_Name(response.device()), "DEVICE_"));
  }
  write.Text("language", response.language());
  write.Text("note", response.note());
  write.Boolean("excluded", response.has_exclusion());
  write.Boolean("changed", response.has_update_time());
  write.Number("answers", response.answers_size());
  if (response.has_completeness()) write.Number("completeness", response.completeness());
  write.Time("answer_time", response.answer_time());
  write.Time("create_time", response.create_time());
  if (response.has_start_time()) write.Time("start_time", response.start_time());
  if (response.has_duration()) write.Number("duration", absl::ToDoubleSeconds(FromProto(response.duration())));
  auto& tags = *(*facts.mutable_fields())["tags"].mutable_list_value();
  for (const std::string& tag : response.tags()) tags.add_values()->set_string_value(tag);
}

}  // namespace

absl::StatusOr<ResponseFilter> ResponseFilter::Parse(absl::string_view field, absl::string_view text) {
  if (absl::StripAsciiWhitespace(text).empty()) return ResponseFilter();
  if (text.size() > kMaxFilter) {
    return FieldError(v1::ERROR_REASON_INVALID_CONDITION, field,
                      absl::StrCat("has ", text.size(), " bytes, of which it may have ", kMaxFilter));
  }
  v1::Condition condition;
  condition.set_text(std::string(text));
  Violations violations;
  // A condition knows its text as a field of its own; here the text is the field.
  const absl::Status normal =
      conditions::NormalizeCondition(field, {"answer", "contact", "event", "hidden", "response"}, condition);
  for (const FieldViolation& violation : ViolationsOf(normal)) violations.Add(field, violation.description);
  if (normal.ok()) CheckFields(field, condition, violations);
  CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_CONDITION));
  return ResponseFilter(std::move(condition));
}

bool ResponseFilter::Passes(const v1::Response& response) const {
  if (PassesAll()) return true;
  Struct facts = response.facts();
  WriteResponse(response, *(*facts.mutable_fields())["response"].mutable_struct_value());
  auto& answers = *(*facts.mutable_fields())["answer"].mutable_struct_value()->mutable_fields();
  for (const v1::Answer& answer : response.answers()) {
    if (auto fact = surveys::AnswerFact(answer); fact.has_value()) answers[answer.question()] = *std::move(fact);
  }
  return conditions::Evaluate(condition_, facts);
}

}  // namespace canvass::responses
