#include "server/surveys/survey.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/text/characters.h"
#include "server/base/text/language_tag.h"
#include "server/conditions/facts.h"

namespace canvass::surveys {
namespace {

using google::protobuf::Map;
using google::protobuf::RepeatedPtrField;

constexpr std::size_t kMaxDefinitionBytes = std::size_t{256} << 10;
constexpr int kMaxQuestions = 200;
constexpr int kMaxBreakdowns = 8;
constexpr int kMaxLanguages = 50;
constexpr std::size_t kMaxTextCharacters = 5000;
constexpr std::size_t kMaxKey = 63;
constexpr int kMinOptions = 2;
constexpr int kMaxOptions = 500;
constexpr int kMaxAnswerLength = 10'000;
constexpr int kDefaultAnswerLength = 2'000;
constexpr int kDefaultCsatPoints = 5;
constexpr int kDefaultCesPoints = 7;
constexpr int kDefaultRatingPoints = 5;
// What an error message quotes of a caller's text.
constexpr std::size_t kMaxQuoted = 100;

std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::Utf8SafeCHexEscape(Shorten(text, kMaxQuoted)), "'");
}

bool IsKey(absl::string_view key) {
  return !key.empty() && key.size() <= kMaxKey && std::all_of(key.begin(), key.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return absl::ascii_islower(byte) || absl::ascii_isdigit(byte) || c == '_';
  });
}

// Keys within one list: their form, and that none comes twice.
class Keys {
 public:
  enum class First { kLetter, kAny };
  Keys(First first, Violations& violations) : first_(first), violations_(violations) {}

  // `owner` is the path of what has the key.
  void Check(const std::string& owner, const std::string& key) {
    const bool letter_first = first_ == First::kLetter;
    if (!IsKey(key) || (letter_first && !absl::ascii_islower(static_cast<unsigned char>(key[0])))) {
      violations_.Add(owner + ".key", absl::StrCat(Quoted(key), " is not a key: 1 to 63 of a-z, 0-9 and '_'",
                                                   letter_first ? ", starting with a letter" : ""));
      return;
    }
    const auto [earlier, is_new] = owners_.emplace(key, owner);
    if (!is_new) violations_.Add(owner + ".key", absl::StrCat(Quoted(key), " is taken by ", earlier->second));
  }

 private:
  const First first_;
  Violations& violations_;
  absl::flat_hash_map<std::string, std::string> owners_;
};

class DefinitionChecker {
 public:
  DefinitionChecker(const v1::SurveyDefinition& definition, Violations& violations)
      : definition_(definition), violations_(violations) {}

  void Run() {
    const std::size_t bytes = definition_.ByteSizeLong();
    if (bytes > kMaxDefinitionBytes) {
      // Nothing else is looked at, so that what follows is bounded.
      return Add("definition",
                 absl::StrCat("has ", bytes, " bytes serialized; at most ", kMaxDefinitionBytes, " are allowed"));
    }
    CheckDefaultLanguage();
    CheckCount("definition.questions", definition_.questions_size(), 1, kMaxQuestions);
    Keys keys(Keys::First::kLetter, violations_);
    for (int i = 0; i < std::min(definition_.questions_size(), kMaxQuestions); ++i) {
      const std::string path = absl::StrCat("definition.questions[", i, "]");
      keys.Check(path, definition_.questions(i).key());
      CheckQuestion(path, definition_.questions(i));
    }
    CheckBreakdowns();
  }

 private:
  enum class Presence { kRequired, kOptional };

  void Add(absl::string_view path, absl::string_view description) { violations_.Add(path, description); }

  void CheckCount(absl::string_view path, int count, int least, int most) {
    if (count < least || count > most)
      Add(path, absl::StrCat("has ", count, " items; ", least, " to ", most, " are allowed"));
  }

  void CheckDefaultLanguage() {
    const std::string& language = definition_.default_language();
    if (language.empty()) {
      Add("definition.default_language", "is required, for example en or pt-BR");
    } else if (!IsLanguageTag(language)) {
      Add("definition.default_language",
          absl::StrCat(Quoted(language), " is not a BCP 47 language tag, for example en or pt-BR"));
    }
  }

  void CheckText(const std::string& path, const Map<std::string, std::string>& text, Presence presence) {
    if (static_cast<int>(text.size()) > kMaxLanguages) {
      return Add(path, absl::StrCat("has ", text.size(), " languages; at most ", kMaxLanguages, " are allowed"));
    }
    const std::string& language = definition_.default_language();
    const bool wanted = presence == Presence::kRequired || !text.empty();
    if (wanted && IsLanguageTag(language) && !text.contains(language)) {
      Add(path, absl::StrCat("has no text in the default language ", Quoted(language)));
    }
    // By language, so that the same mistakes are always told in the same order.
    const std::map<std::string, std::string> sorted(text.begin(), text.end());
    for (const auto& [tag, value] : sorted) {
      const std::string entry = absl::StrCat(path, "[\"", absl::Utf8SafeCHexEscape(Shorten(tag, kMaxQuoted)), "\"]");
      if (!IsLanguageTag(tag)) Add(entry, absl::StrCat(Quoted(tag), " is not a BCP 47 language tag"));
      if (absl::StripAsciiWhitespace(value).empty()) Add(entry, "must not be blank; leave the language out");
      CheckLength(entry, value, kMaxTextCharacters, violations_);
    }
  }

  void CheckQuestion(const std::string& path, const v1::Question& question) {
    CheckText(path + ".text", question.text(), Presence::kRequired);
    CheckText(path + ".help", question.help(), Presence::kOptional);
    switch (question.kind_case()) {
      case v1::Question::kNps:
        return;
      case v1::Question::kCsat:
        return CheckPoints(path + ".csat.points", question.csat().points(), {3, 5, 7, 10});
      case v1::Question::kCes:
        CheckPoints(path + ".ces.points", question.ces().points(), {5, 7, 10});
        if (!v1::CesQuestion::Direction_IsValid(question.ces().direction())) {
          Add(path + ".ces.direction", "must be DIRECTION_EASE_IS_HIGH or DIRECTION_EFFORT_IS_HIGH");
        }
        return;
      case v1::Question::kSingleChoice:
        return CheckOptions(path + ".single_choice.options", question.single_choice().options());
      case v1::Question::kMultipleChoice:
        CheckOptions(path + ".multiple_choice.options", question.multiple_choice().options());
        return CheckChoices(path + ".multiple_choice", question.multiple_choice());
      case v1::Question::kFreeText:
        return CheckRange(path + ".free_text.max_length", question.free_text().max_length(), kMaxAnswerLength,
                          absl::StrCat("1 to ", kMaxAnswerLength, ", or 0 for ", kDefaultAnswerLength));
      default:
        return;
      case v1::Question::KIND_NOT_SET:
        return Add(path + ".kind", "is required: one of nps, csat, ces, single_choice, multiple_choice, free_text");
    }
  }

  void CheckPoints(const std::string& path, int points, std::initializer_list<int> allowed) {
    if (points == 0 || std::find(allowed.begin(), allowed.end(), points) != allowed.end()) return;
    std::string list;
    for (int each : allowed) absl::StrAppend(&list, each, ", ");
    Add(path, absl::StrCat(points, " is not one of ", list, "or 0 for the default"));
  }

  void CheckRange(const std::string& path, int value, int most, absl::string_view allowed) {
    if (value < 0 || value > most) Add(path, absl::StrCat(value, " is not allowed: ", allowed));
  }

  void CheckOptions(const std::string& path, const RepeatedPtrField<v1::ChoiceOption>& options) {
    CheckCount(path, options.size(), kMinOptions, kMaxOptions);
    Keys keys(Keys::First::kAny, violations_);
    for (int i = 0; i < std::min(options.size(), kMaxOptions); ++i) {
      const std::string option = absl::StrCat(path, "[", i, "]");
      keys.Check(option, options[i].key());
      CheckText(option + ".text", options[i].text(), Presence::kRequired);
    }
  }

  void CheckChoices(const std::string& path, const v1::MultipleChoiceQuestion& question) {
    const int options = question.options_size();
    const std::string allowed = absl::StrCat("0 to ", options, ", the number of options");
    CheckRange(path + ".min_choices", question.min_choices(), options, allowed);
    CheckRange(path + ".max_choices", question.max_choices(), options, allowed);
    if (question.max_choices() > 0 && question.min_choices() > question.max_choices()) {
      Add(path + ".min_choices",
          absl::StrCat(question.min_choices(), " is more than max_choices, which is ", question.max_choices()));
    }
  }

  void CheckBreakdowns() {
    CheckCount("definition.breakdowns", definition_.breakdowns_size(), 0, kMaxBreakdowns);
    std::map<std::string, int> first;
    for (int i = 0; i < std::min(definition_.breakdowns_size(), kMaxBreakdowns); ++i) {
      const std::string path = absl::StrCat("definition.breakdowns[", i, "]");
      const std::string& breakdown = definition_.breakdowns(i);
      const bool of_response = breakdown == "response.language" || breakdown == "response.channel";
      if (!of_response && !conditions::IsFactPath(breakdown, {"event", "contact"})) {
        Add(path, absl::StrCat(Quoted(breakdown),
                               " is not a fact: event.<path>, contact.<path>, response.language or response.channel"));
      }
      const auto [earlier, is_new] = first.emplace(breakdown, i);
      if (!is_new) Add(path, absl::StrCat(Quoted(breakdown), " stands at ", earlier->second, " already"));
    }
  }

  const v1::SurveyDefinition& definition_;
  Violations& violations_;
};

}  // namespace

absl::Status ValidateSurvey(const v1::Survey& survey) {
  Violations violations;
  CheckDisplayName("display_name", survey.display_name(), violations);
  if (survey.has_definition()) {
    DefinitionChecker(survey.definition(), violations).Run();
  } else {
    violations.Add("definition", "is required");
  }
  // Both requests that carry a survey call it so: paths start at the request's root.
  Violations of_request;
  for (const FieldViolation& violation : violations.list()) {
    of_request.Add(absl::StrCat("survey.", violation.field), violation.description);
  }
  return of_request.ToStatus(v1::ERROR_REASON_INVALID_SURVEY);
}

absl::Status ValidateDefinition(const v1::SurveyDefinition& definition) {
  Violations violations;
  DefinitionChecker(definition, violations).Run();
  return violations.ToStatus(v1::ERROR_REASON_INVALID_SURVEY);
}

std::optional<Scale> ScaleOf(const v1::Question& question) {
  switch (question.kind_case()) {
    case v1::Question::kNps:
      return Scale{.low = 0, .high = 10};
    case v1::Question::kCsat:
      return Scale{.low = 1, .high = question.csat().points() == 0 ? kDefaultCsatPoints : question.csat().points()};
    case v1::Question::kCes:
      return Scale{.low = 1, .high = question.ces().points() == 0 ? kDefaultCesPoints : question.ces().points()};
    case v1::Question::kRating:
      return Scale{.low = 1,
                   .high = question.rating().points() == 0 ? kDefaultRatingPoints : question.rating().points()};
    default:
      return std::nullopt;
  }
}

bool EffortIsHigh(const v1::CesQuestion& question) {
  return question.direction() == v1::CesQuestion::DIRECTION_EFFORT_IS_HIGH;
}

const RepeatedPtrField<v1::ChoiceOption>* OptionsOf(const v1::Question& question) {
  if (question.has_single_choice()) return &question.single_choice().options();
  if (question.has_multiple_choice()) return &question.multiple_choice().options();
  if (question.has_ranking()) return &question.ranking().options();
  return nullptr;
}

int MaxChoicesOf(const v1::MultipleChoiceQuestion& question) {
  return question.max_choices() == 0 ? question.options_size() : question.max_choices();
}

int MaxLengthOf(const v1::TextQuestion& question) {
  return question.max_length() == 0 ? kDefaultAnswerLength : question.max_length();
}

const v1::Question* FindQuestion(const v1::SurveyDefinition& definition, absl::string_view key) {
  for (const v1::Question& question : definition.questions()) {
    if (question.key() == key) return &question;
  }
  return nullptr;
}

}  // namespace canvass::surveys
