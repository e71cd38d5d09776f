#include "client/cli/responses/import_map.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "client/cli/documents/hidden_fields.h"
#include "client/cli/documents/nearest.h"
#include "client/cli/documents/scalars.h"

namespace canvass::cli {
namespace {

using Field = ImportTarget::Field;
using Type = ImportTarget::Type;

constexpr std::pair<absl::string_view, Field> kFields[] = {
    {"answer_time", Field::kAnswerTime},
    {"start_time", Field::kStartTime},
    {"contact", Field::kContact},
    {"language", Field::kLanguage},
    {"channel", Field::kChannel},
    {"device", Field::kDevice},
    {"request_id", Field::kRequestId},
    {"dismissed", Field::kDismissed},
    // What an export has beside, and the problem of a row that was rejected.
    {"response", Field::kIgnored},
    {"create_time", Field::kIgnored},
    {"survey_version", Field::kIgnored},
    {"tags", Field::kIgnored},
    {"note", Field::kIgnored},
    {"excluded", Field::kIgnored},
    {"problem", Field::kIgnored},
};

constexpr absl::string_view kLocalForms[] = {"%Y-%m-%d %H:%M:%E*S", "%Y-%m-%dT%H:%M:%E*S", "%Y-%m-%d %H:%M",
                                             "%Y-%m-%dT%H:%M", "%Y-%m-%d"};

bool SaysItsZone(absl::string_view format) {
  return absl::c_any_of(std::initializer_list<absl::string_view>{"%z", "%Ez", "%E*z", "%:z", "%s"},
                        [&](absl::string_view part) { return absl::StrContains(format, part); });
}

absl::StatusOr<absl::Time> AtClock(absl::CivilSecond clock, absl::Duration fraction, absl::TimeZone zone) {
  const absl::TimeZone::TimeInfo info = zone.At(clock);
  if (info.kind == absl::TimeZone::TimeInfo::SKIPPED) {
    return absl::InvalidArgumentError(
        absl::StrCat("there was no such time in ", zone.name(), ": clocks were set forward over it"));
  }
  return info.pre + fraction;
}

// The keys of options, and their texts in every language.
template <typename Options>
void AddOptions(const Options& options, ImportTarget& target) {
  for (const auto& option : options) {
    target.options.insert(option.key());
    for (const auto& [language, text] : option.text()) target.values.try_emplace(text, option.key());
  }
  // A key is itself, whatever another option's text is.
  for (const auto& option : options) target.values.erase(option.key());
}

void AddOptions(ImportTarget& target) {
  const v1::Question& question = *target.question;
  if (question.has_single_choice()) AddOptions(question.single_choice().options(), target);
  if (question.has_multiple_choice()) AddOptions(question.multiple_choice().options(), target);
  if (question.has_ranking()) AddOptions(question.ranking().options(), target);
  if (target.field == Field::kMatrixRow) AddOptions(question.matrix().columns(), target);
}

bool HasRow(const v1::Question& question, absl::string_view row) {
  return absl::c_any_of(question.matrix().rows(), [&](const auto& candidate) { return candidate.key() == row; });
}

bool HasOther(const v1::Question& question) {
  const auto other = [](const v1::ChoiceOption& option) { return option.other(); };
  return absl::c_any_of(question.single_choice().options(), other) ||
         absl::c_any_of(question.multiple_choice().options(), other);
}

Type TypeOf(const v1::HiddenField& field) {
  if (field.type() == v1::HiddenField::TYPE_NUMBER) return Type::kNumber;
  return field.type() == v1::HiddenField::TYPE_BOOLEAN ? Type::kBoolean : Type::kText;
}

std::optional<Type> TypeCalled(absl::string_view name) {
  if (name == "text") return Type::kText;
  if (name == "number") return Type::kNumber;
  if (name == "boolean") return Type::kBoolean;
  return std::nullopt;
}

}  // namespace

absl::StatusOr<absl::Time> ReadTime(absl::string_view text, const TimeForm& form) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  absl::Time time;
  // Abseil takes "infinite-future" in whatever form.
  const bool endless = absl::StrContains(text, "infinite");
  if (!form.format.empty() && !endless && absl::ParseTime(form.format, text, utc, &time, nullptr)) {
    if (SaysItsZone(form.format)) return time;
    const absl::TimeZone::CivilInfo parts = utc.At(time);
    return AtClock(parts.cs, parts.subsecond, form.zone.value_or(utc));
  }
  const absl::StatusOr<absl::Time> standard = ParseTime(text);
  // A date alone is its midnight, there if the zone is known.
  if (standard.ok() && (!form.zone.has_value() || absl::StrContains(text, ":"))) return standard;
  if (!form.format.empty() && !standard.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("'", text, "' is not a time of the form ", form.format));
  }
  for (const absl::string_view local : kLocalForms) {
    if (endless || !form.zone.has_value() || !absl::ParseTime(local, text, utc, &time, nullptr)) continue;
    const absl::TimeZone::CivilInfo parts = utc.At(time);
    return AtClock(parts.cs, parts.subsecond, *form.zone);
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "'", text, "' is not a time such as 2026-01-31T14:03:00Z; say time_format and time_zone in the mapping"));
}

const v1::Question* ImportMap::FindQuestion(absl::string_view key) const {
  const auto found = absl::c_find_if(definition_->questions(), [&](const auto& q) { return q.key() == key; });
  return found == definition_->questions().end() || found->has_statement() ? nullptr : &*found;
}

std::vector<std::string> ImportMap::KnownNames() const {
  std::vector<std::string> names;
  for (const v1::Question& question : definition_->questions()) {
    if (question.has_statement()) continue;
    names.push_back(question.key());
    for (const auto& row : question.matrix().rows()) names.push_back(absl::StrCat(question.key(), ".", row.key()));
    if (HasOther(question)) names.push_back(absl::StrCat(question.key(), ".other"));
  }
  for (const v1::HiddenField& field : definition_->hidden_fields())
    names.push_back(absl::StrCat("hidden.", field.key()));
  for (const auto& [name, field] : kFields) {
    if (field != Field::kIgnored) names.emplace_back(name);
  }
  return names;
}

absl::StatusOr<ImportTarget> ImportMap::TargetCalled(absl::string_view name) const {
  ImportTarget target;
  target.name = std::string(name);
  target.column = target.name;
  if (ignored_.contains(name)) return target;
  const auto* field = absl::c_find_if(kFields, [&](const auto& known) { return known.first == name; });
  // Staff's words, and the place among them, are an export's; a question of that key comes first.
  const bool exported = field != std::end(kFields) && field->second == Field::kIgnored && FindQuestion(name) == nullptr;
  if (field != std::end(kFields) && (field->second != Field::kIgnored || exported)) {
    target.field = field->second;
    return target;
  }
  absl::string_view hidden = absl::StripPrefix(name, "facts.");
  const v1::HiddenField* declared =
      absl::ConsumePrefix(&hidden, "hidden.") ? FindHiddenField(*definition_, hidden) : nullptr;
  if (declared != nullptr) {
    target.name = absl::StrCat("facts.hidden.", hidden);
    target.field = Field::kFact;
    target.path = {"hidden", std::string(hidden)};
    target.type = TypeOf(*declared);
    return target;
  }
  if (absl::StartsWith(name, "facts.")) {
    target.field = Field::kFact;
    target.path = absl::StrSplit(absl::StripPrefix(name, "facts."), '.');
    const bool known = target.path.size() >= 2 && (target.path[0] == "event" || target.path[0] == "contact") &&
                       !absl::c_linear_search(target.path, "");
    if (known) return target;
    return absl::InvalidArgumentError(
        "is not a fact; they are facts.event.NAME, facts.contact.NAME and the survey's hidden.KEY");
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(absl::StripPrefix(name, "answer."), absl::MaxSplits('.', 1));
  target.question = FindQuestion(parts.first);
  if (target.question != nullptr && parts.second.empty()) {
    target.field = Field::kAnswer;
  } else if (target.question != nullptr && HasRow(*target.question, parts.second)) {
    target.field = Field::kMatrixRow;
    target.row = std::string(parts.second);
  } else if (target.question != nullptr && parts.second == "other" && HasOther(*target.question)) {
    target.field = Field::kOtherText;
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("is neither a question of the survey nor another field", Suggestion(name, KnownNames())));
  }
  AddOptions(target);
  return target;
}

void ImportMap::ReadTimes(const Node& document, Problems& problems) {
  if (const Node* format = document.Find("time_format"); format != nullptr) {
    times_.format = format->text;
    if (!absl::StrContains(times_.format, "%")) {
      problems.Add(format->line, "time_format", "is not a format such as \"%d.%m.%Y %H:%M\"");
    }
  }
  if (const Node* zone = document.Find("time_zone"); zone != nullptr) {
    absl::TimeZone loaded;
    if (absl::LoadTimeZone(zone->text, &loaded)) {
      times_.zone = loaded;
    } else {
      problems.Add(zone->line, "time_zone", absl::StrCat("'", zone->text, "' is not a zone such as Europe/Prague"));
    }
  }
  if (!times_.format.empty() && !times_.zone.has_value() && !SaysItsZone(times_.format)) {
    problems.Add(document.line, "time_zone", "is missing: times of the format do not say their own zone");
  }
}

void ImportMap::ReadIgnored(const Node& document, Problems& problems) {
  const Node* ignored = document.Find("ignore");
  if (ignored == nullptr) return;
  if (ignored->kind != Node::Kind::kList) problems.Add(ignored->line, "ignore", "expected a list of columns");
  for (const Node& item : ignored->items) ignored_.insert(item.text);
}

void ImportMap::ReadDetails(const Node& details, ImportTarget& target, Problems& problems) {
  static const std::vector<std::string> kKnown = {"column", "values", "dismissed", "type", "value"};
  for (const auto& [key, line, node] : details.members) {
    const std::string path = absl::StrCat("columns.", target.name, ".", key);
    if (key == "column") {
      target.column = node.text;
    } else if (key == "value") {
      target.value = node.text;
    } else if (key == "values" && node.kind == Node::Kind::kMap) {
      for (const Member& value : node.members) target.values[value.key] = value.value.text;
    } else if (key == "dismissed" && target.field == Field::kAnswer) {
      for (const Node& item : node.items) target.dismissed.insert(item.text);
      if (node.kind == Node::Kind::kScalar) target.dismissed.insert(node.text);
    } else if (key == "type" && target.field == Field::kFact && TypeCalled(node.text).has_value()) {
      target.type = *TypeCalled(node.text);
    } else if (absl::c_linear_search(kKnown, key)) {
      problems.Add(line, path,
                   key == "values"      ? "expected a map of cells to values"
                   : key == "dismissed" ? "is for questions alone"
                                        : "is for facts alone: text, number or boolean");
    } else {
      problems.Add(line, path, absl::StrCat("is unknown", Suggestion(key, kKnown)));
    }
  }
}

void ImportMap::ReadColumn(const Member& member, Problems& problems) {
  const std::string path = absl::StrCat("columns.", member.key);
  absl::StatusOr<ImportTarget> target = TargetCalled(member.key);
  if (!target.ok()) return problems.Add(member.line, path, target.status().message());
  if (target->field == Field::kIgnored) {
    return problems.Add(member.line, path, "cannot be imported; columns that are left out stand under 'ignore'");
  }
  target->column.clear();
  if (member.value.kind == Node::Kind::kScalar) {
    target->column = member.value.text;
  } else if (member.value.kind == Node::Kind::kMap) {
    ReadDetails(member.value, *target, problems);
  }
  if (target->column.empty() && target->value.empty()) {
    return problems.Add(member.line, path, "names no column (column: TITLE) and no value for all rows (value: TEXT)");
  }
  targets_.push_back(*std::move(target));
}

absl::StatusOr<ImportMap> ImportMap::Make(const v1::SurveyDefinition& definition, const Node* document,
                                          absl::string_view source) {
  static const std::vector<std::string> kKnown = {"time_format", "time_zone", "ignore", "columns"};
  ImportMap map(definition);
  if (document == nullptr) return map;
  Problems problems(source);
  if (document->kind != Node::Kind::kMap) problems.Add(document->line, "", "expected a map of fields");
  map.ReadTimes(*document, problems);
  for (const Member& member : document->members) {
    if (absl::c_linear_search(kKnown, member.key)) continue;
    problems.Add(member.line, member.key, absl::StrCat("is unknown", Suggestion(member.key, kKnown)));
  }
  if (const Node* columns = document->Find("columns"); columns != nullptr) {
    for (const Member& member : columns->members) map.ReadColumn(member, problems);
  }
  // After the columns, which may have such names themselves.
  map.ReadIgnored(*document, problems);
  if (!problems.empty()) return problems.ToStatus();
  return map;
}

}  // namespace canvass::cli
