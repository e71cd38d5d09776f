#include "server/surveys/versions/survey_diff.h"

#include <google/protobuf/descriptor.h>

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "server/base/text/characters.h"
#include "server/surveys/survey.h"
#include "server/surveys/versions/sequence_match.h"
#include "server/surveys/versions/short_text.h"

namespace canvass::surveys {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;

constexpr std::size_t kMaxTextBytes = 200;
constexpr std::size_t kMaxIdentityBytes = 100;

std::string Cut(absl::string_view text, std::size_t max_bytes) {
  return text.size() <= max_bytes ? std::string(text) : absl::StrCat(Shorten(text, max_bytes), "…");
}

// Whether the field says anything. A number or a truth value always does: 0 and false are not absent.
bool IsThere(const Message& message, const FieldDescriptor& field) {
  if (message.GetReflection()->HasField(message, &field)) return true;
  return !field.has_presence() && field.cpp_type() != FieldDescriptor::CPPTYPE_STRING &&
         field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM;
}

// What identifies each element of a repeated field, each once: a second one of the same identity is counted.
std::vector<std::string> IdentitiesOf(const Message& message, const FieldDescriptor& field) {
  std::vector<std::string> identities;
  absl::flat_hash_map<std::string, int> met;
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    const bool is_message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    std::string identity = is_message ? IdentityOf(message.GetReflection()->GetRepeatedMessage(message, &field, i))
                                      : ShortText(message, field, i, "");
    identity = Cut(identity, kMaxIdentityBytes);
    const int count = ++met[identity];
    identities.push_back(count == 1 ? std::move(identity) : absl::StrCat(identity, "#", count));
  }
  return identities;
}

// By key, each entry with its place in the repeated form of the map.
std::map<std::string, int> EntriesOf(const Message& message, const FieldDescriptor& field) {
  std::map<std::string, int> entries;
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    const Message& entry = message.GetReflection()->GetRepeatedMessage(message, &field, i);
    entries.emplace(entry.GetReflection()->GetString(entry, field.message_type()->map_key()), i);
  }
  return entries;
}

class Differ {
 public:
  explicit Differ(absl::string_view language) : language_(language) {}

  void Compare(const std::string& path, const Message& base, const Message& target) {
    for (int i = 0; i < base.GetDescriptor()->field_count() && changes_.size() < kMaxChanges; ++i) {
      const FieldDescriptor& field = *base.GetDescriptor()->field(i);
      const OneofDescriptor* oneof = field.real_containing_oneof();
      if (oneof == nullptr) {
        CompareField(PathOf(path, field.name()), field, base, target);
      } else if (oneof->field(0) == &field) {
        CompareOneof(path, *oneof, base, target);
      }
    }
  }

  std::vector<v1::SurveyChange> Take() && { return std::move(changes_); }

 private:
  static std::string PathOf(const std::string& path, absl::string_view field) {
    return path.empty() ? std::string(field) : absl::StrCat(path, ".", field);
  }

  void Add(const std::string& path, v1::SurveyChange::Kind kind, absl::string_view before, absl::string_view after) {
    if (changes_.size() == kMaxChanges) return;
    v1::SurveyChange& change = changes_.emplace_back();
    change.set_path(path);
    change.set_kind(kind);
    change.set_before(Cut(before, kMaxTextBytes));
    change.set_after(Cut(after, kMaxTextBytes));
  }

  // Each text if it is there.
  void CompareTexts(const std::string& path, const std::optional<std::string>& before,
                    const std::optional<std::string>& after) {
    if (before == after) return;
    const v1::SurveyChange::Kind kind = !before.has_value()  ? v1::SurveyChange::KIND_ADDED
                                        : !after.has_value() ? v1::SurveyChange::KIND_REMOVED
                                                             : v1::SurveyChange::KIND_CHANGED;
    Add(path, kind, before.value_or(""), after.value_or(""));
  }

  void CompareField(const std::string& path, const FieldDescriptor& field, const Message& base, const Message& target) {
    if (field.is_map()) return CompareMaps(path, field, base, target);
    if (field.is_repeated()) return CompareLists(path, field, base, target);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !IsOneText(*field.message_type())) {
      // One that is absent is compared as one that says nothing.
      return Compare(path, base.GetReflection()->GetMessage(base, &field),
                     target.GetReflection()->GetMessage(target, &field));
    }
    CompareTexts(path, TextOf(base, field), TextOf(target, field));
  }

  std::optional<std::string> TextOf(const Message& message, const FieldDescriptor& field) const {
    if (!IsThere(message, field)) return std::nullopt;
    return ShortText(message, field, -1, language_);
  }

  // Another member of a oneof is another thing: its fields have nothing to be compared with.
  void CompareOneof(const std::string& path, const OneofDescriptor& oneof, const Message& base, const Message& target) {
    const FieldDescriptor* before = base.GetReflection()->GetOneofFieldDescriptor(base, &oneof);
    const FieldDescriptor* after = target.GetReflection()->GetOneofFieldDescriptor(target, &oneof);
    if (before != nullptr && before == after) {
      return CompareField(PathOf(path, before->name()), *before, base, target);
    }
    CompareTexts(PathOf(path, oneof.name()), MemberText(base, before), MemberText(target, after));
  }

  // `csat {points: 7}`, `skip_to payment`.
  std::optional<std::string> MemberText(const Message& message, const FieldDescriptor* member) const {
    if (member == nullptr) return std::nullopt;
    const std::string text = ShortText(message, *member, -1, language_);
    return text.empty() || text == "{}" ? member->name() : absl::StrCat(member->name(), " ", text);
  }

  void CompareMaps(const std::string& path, const FieldDescriptor& field, const Message& base, const Message& target) {
    const std::map<std::string, int> before = EntriesOf(base, field);
    const std::map<std::string, int> after = EntriesOf(target, field);
    const auto text = [&](const Message& message, const std::map<std::string, int>& entries,
                          const std::string& key) -> std::optional<std::string> {
      const auto found = entries.find(key);
      if (found == entries.end()) return std::nullopt;
      const Message& entry = message.GetReflection()->GetRepeatedMessage(message, &field, found->second);
      return ShortText(entry, *field.message_type()->map_value(), -1, language_);
    };
    std::map<std::string, int> keys = before;
    keys.insert(after.begin(), after.end());
    for (const auto& [key, unused] : keys) {
      CompareTexts(absl::StrCat(path, "[\"", key, "\"]"), text(base, before, key), text(target, after, key));
    }
  }

  void CompareLists(const std::string& path, const FieldDescriptor& field, const Message& base, const Message& target) {
    const std::vector<std::string> before = IdentitiesOf(base, field);
    const std::vector<std::string> after = IdentitiesOf(target, field);
    const auto place = [](const std::vector<std::string>& list, int i) {
      return i == 0 ? std::string("first") : absl::StrCat("after ", list[i - 1]);
    };
    for (const SequenceMatch& match : MatchSequences(before, after)) {
      if (changes_.size() == kMaxChanges) return;
      const std::string& identity = match.after < 0 ? before[match.before] : after[match.after];
      const std::string element = absl::StrCat(path, "[", identity, "]");
      if (match.before < 0 || match.after < 0) {
        CompareTexts(element, ElementText(base, field, match.before), ElementText(target, field, match.after));
        continue;
      }
      if (match.moved) {
        Add(element, v1::SurveyChange::KIND_MOVED, place(before, match.before), place(after, match.after));
      }
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Compare(element, base.GetReflection()->GetRepeatedMessage(base, &field, match.before),
                target.GetReflection()->GetRepeatedMessage(target, &field, match.after));
      }
    }
  }

  std::optional<std::string> ElementText(const Message& message, const FieldDescriptor& field, int index) const {
    if (index < 0) return std::nullopt;
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return ShortText(message, field, index, language_);
    return ShortText(message.GetReflection()->GetRepeatedMessage(message, &field, index), language_);
  }

  const absl::string_view language_;
  std::vector<v1::SurveyChange> changes_;
};

v1::OptionOrder OrElse(v1::OptionOrder order) {
  return order == v1::OPTION_ORDER_UNSPECIFIED ? v1::OPTION_ORDER_AS_WRITTEN : order;
}

void FillDefaults(v1::Question& question) {
  switch (question.kind_case()) {
    case v1::Question::kCsat:
      return question.mutable_csat()->set_points(ScaleOf(question)->high);
    case v1::Question::kCes:
      question.mutable_ces()->set_points(ScaleOf(question)->high);
      if (!EffortIsHigh(question.ces())) question.mutable_ces()->set_direction(v1::CesQuestion::DIRECTION_EASE_IS_HIGH);
      return;
    case v1::Question::kRating:
      return question.mutable_rating()->set_points(ScaleOf(question)->high);
    case v1::Question::kSingleChoice:
      return question.mutable_single_choice()->set_order(OrElse(question.single_choice().order()));
    case v1::Question::kMultipleChoice:
      return question.mutable_multiple_choice()->set_order(OrElse(question.multiple_choice().order()));
    case v1::Question::kMatrix:
      return question.mutable_matrix()->set_order(OrElse(question.matrix().order()));
    case v1::Question::kRanking:
      return question.mutable_ranking()->set_order(OrElse(question.ranking().order()));
    case v1::Question::kFreeText:
      return question.mutable_free_text()->set_max_length(MaxLengthOf(question.free_text()));
    default:
      return;
  }
}

}  // namespace

v1::SurveyDefinition WithDefaults(v1::SurveyDefinition definition) {
  for (v1::Question& question : *definition.mutable_questions()) FillDefaults(question);
  for (v1::CalculatedValue& value : *definition.mutable_values()) {
    if (!value.has_aggregate()) continue;
    for (v1::Aggregate::Term& term : *value.mutable_aggregate()->mutable_terms()) {
      if (!term.has_weight()) term.set_weight(1);
    }
  }
  for (v1::HiddenField& field : *definition.mutable_hidden_fields()) {
    if (field.type() == v1::HiddenField::TYPE_TEXT) field.set_max_length(MaxLengthOf(field));
  }
  if (definition.hidden_answers() == v1::SurveyDefinition::HIDDEN_ANSWERS_UNSPECIFIED) {
    definition.set_hidden_answers(v1::SurveyDefinition::HIDDEN_ANSWERS_REFUSE);
  }
  return definition;
}

std::vector<v1::SurveyChange> DiffDefinitions(const v1::SurveyDefinition& base, const v1::SurveyDefinition& target) {
  return DiffParts(base, target, target.default_language());
}

std::vector<v1::SurveyChange> DiffParts(const Message& base, const Message& target, absl::string_view language) {
  Differ differ(language);
  differ.Compare("", base, target);
  return std::move(differ).Take();
}

}  // namespace canvass::surveys
