#include "server/triggers/verdict.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/base/text/characters.h"
#include "server/conditions/condition.h"
#include "server/conditions/facts.h"

namespace canvass::triggers {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// An explanation is read by people: beyond this it quotes no more.
constexpr std::size_t kMaxConditionText = 300;
constexpr std::size_t kMaxValueText = 60;
constexpr std::size_t kMaxValues = 5;

Verdict Skipped(v1::Decision::Reason reason, std::string explanation) {
  return {.outcome = v1::Decision::OUTCOME_SKIPPED,
          .reason = reason,
          .explanation = std::move(explanation),
          .next_eligible_time = std::nullopt};
}

std::string TimeText(absl::Time time) { return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", time, absl::UTCTimeZone()); }

std::string Quote(absl::string_view text, std::size_t max_bytes) {
  const absl::string_view shortened = Shorten(text, max_bytes);
  return absl::StrCat(shortened, shortened.size() < text.size() ? "…" : "");
}

std::string ValueText(const Struct& facts, const std::string& field) {
  const Value* value = conditions::Find(facts, field);
  if (value == nullptr) return absl::StrCat(field, " was not there");
  if (value->has_struct_value()) return absl::StrCat(field, " was an object");
  if (value->has_list_value()) return absl::StrCat(field, " was a list of ", value->list_value().values_size());
  const char* quote = value->has_string_value() ? "\"" : "";
  return absl::StrCat(field, " was ", quote, Quote(conditions::FactText(*value), kMaxValueText), quote);
}

std::string ConditionFalseText(const ActiveTrigger& trigger, const Struct& facts) {
  std::string text = absl::StrCat("The condition was false: ", Quote(trigger.condition_text, kMaxConditionText), ". ");
  for (std::size_t i = 0; i < trigger.fields.size() && i < kMaxValues; ++i) {
    absl::StrAppend(&text, i == 0 ? "" : "; ", ValueText(facts, trigger.fields[i]));
  }
  absl::StrAppend(&text, trigger.fields.size() > kMaxValues ? "; …" : ".");
  return text;
}

std::string QualifiedText(const ActiveTrigger& trigger, int version, absl::Time due) {
  const char* condition = trigger.condition_text.empty() ? "" : "The condition held. ";
  return absl::StrCat(condition, "The customer is asked survey '", trigger.survey.value(), "', version ", version,
                      ", from ", TimeText(due), " on.");
}

}  // namespace

Verdict JudgeEvent(const ActiveTrigger& trigger, const surveys::SurveyStatus& survey, const Struct& facts,
                   absl::Time due) {
  if (trigger.trigger.state() == v1::Trigger::STATE_PAUSED) {
    return Skipped(v1::Decision::REASON_TRIGGER_PAUSED,
                   absl::StrCat("Trigger '", trigger.id.value(), "' was paused when the event arrived."));
  }
  if (trigger.trigger.has_condition() && !conditions::Evaluate(trigger.trigger.condition(), facts)) {
    return Skipped(v1::Decision::REASON_CONDITION_FALSE, ConditionFalseText(trigger, facts));
  }
  if (survey.IsClosedAt(due)) {
    const bool by_time = survey.state == v1::Survey::STATE_PUBLISHED;
    return Skipped(
        v1::Decision::REASON_SURVEY_CLOSED,
        absl::StrCat("Survey '", trigger.survey.value(), "' ",
                     by_time ? absl::StrCat("closes at ", TimeText(survey.close_time), ", before it would be asked.")
                             : "was closed when the event arrived."));
  }
  if (survey.state != v1::Survey::STATE_PUBLISHED) {
    return Skipped(
        v1::Decision::REASON_SURVEY_NOT_PUBLISHED,
        absl::StrCat("Survey '", trigger.survey.value(), "' had no published version when the event arrived."));
  }
  return {.outcome = v1::Decision::OUTCOME_SCHEDULED,
          .reason = v1::Decision::REASON_QUALIFIED,
          .explanation = QualifiedText(trigger, survey.published_version, due),
          .next_eligible_time = std::nullopt};
}

Verdict Capped(const ActiveTrigger& trigger, const v1::FrequencyCap& cap, absl::Time due, absl::Time other,
               absl::Time latest) {
  const absl::Duration interval = FromProto(cap.interval());
  const std::string what = cap.scope() == v1::FrequencyCap::SCOPE_CONTACT
                               ? "one survey of any kind"
                               : absl::StrCat("one invitation to survey '", trigger.survey.value(), "'");
  const absl::Duration gap = due < other ? other - due : due - other;
  // Due times count; an event is due `delay` after it happened.
  const absl::Time next = latest + interval - trigger.delay;
  return {.outcome = v1::Decision::OUTCOME_SUPPRESSED,
          .reason = v1::Decision::REASON_FREQUENCY_CAP,
          .explanation = absl::StrCat("The frequency cap allows a customer ", what, " within ", DurationText(interval),
                                      ". This one would have been due ", TimeText(due), ", ", DurationText(gap),
                                      due < other ? " before" : " after", " one due ", TimeText(other),
                                      ". An event from ", TimeText(next), " on passes again."),
          .next_eligible_time = next};
}

Struct FactsOf(const v1::Event& event, const v1::Contact* contact) {
  Struct facts;
  Struct& about_event = *(*facts.mutable_fields())["event"].mutable_struct_value();
  about_event = event.data();
  (*about_event.mutable_fields())["type"].set_string_value(event.type());
  (*about_event.mutable_fields())["id"].set_string_value(event.id());
  Struct& about_contact = *(*facts.mutable_fields())["contact"].mutable_struct_value();
  if (contact == nullptr) return facts;
  about_contact = contact->attributes();
  if (!contact->language().empty()) {
    (*about_contact.mutable_fields())["language"].set_string_value(contact->language());
  }
  return facts;
}

std::string DurationText(absl::Duration duration) {
  struct Unit {
    absl::Duration length;
    const char* name;
  };
  static constexpr Unit kUnits[] = {
      {absl::Hours(24), "day"}, {absl::Hours(1), "hour"}, {absl::Minutes(1), "minute"}, {absl::Seconds(1), "second"}};
  std::string text;
  int used = 0;
  for (const Unit& unit : kUnits) {
    const int64_t count = absl::IDivDuration(duration, unit.length, &duration);
    if (count == 0 || used == 2) continue;
    absl::StrAppend(&text, used == 0 ? "" : " ", count, " ", unit.name, count == 1 ? "" : "s");
    ++used;
  }
  return text.empty() ? "0 seconds" : text;
}

}  // namespace canvass::triggers
