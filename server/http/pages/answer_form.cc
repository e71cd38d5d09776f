#include "server/http/pages/answer_form.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "server/base/error.h"
#include "server/base/text/characters.h"
#include "server/conditions/facts.h"
#include "server/surveys/survey.h"

namespace canvass::http {
namespace {

constexpr absl::string_view kPrefix = "q.";
constexpr absl::string_view kOther = "other";

// Percent-decodes one name or value; a '%' that is none stays as it is, as browsers have it.
std::string Decode(absl::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text[i] == '%' && i + 2 < text.size() &&
                         absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 1])) &&
                         absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 2]));
    if (escaped) {
      decoded += absl::HexStringToBytes(text.substr(i + 1, 2));
      i += 2;
    } else {
      decoded.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return absl::StrReplaceAll(decoded, {{"\r\n", "\n"}});
}

bool IsBlank(absl::string_view text) { return absl::StripAsciiWhitespace(text).empty(); }

void ReadScore(absl::string_view value, FormAnswer& read) {
  int score = 0;
  if (absl::SimpleAtoi(value, &score)) {
    read.answer->set_score(score);
  } else {
    read.unreadable = true;
  }
}

// The key of the option that is `other`; empty if there is none.
absl::string_view OtherKey(const v1::Question& question) {
  const auto* options = surveys::OptionsOf(question);
  if (options == nullptr) return "";
  const auto other = std::find_if(options->begin(), options->end(), [](const auto& option) { return option.other(); });
  return other == options->end() ? absl::string_view() : absl::string_view(other->key());
}

// What stands beside the option `other` chooses it where nothing else is chosen, and counts only beside it.
void ReadChoice(const v1::Question& question, const Form& form, FormAnswer& read) {
  const absl::string_view other_text = form.First(FieldName(question, kOther));
  const absl::string_view other = IsBlank(other_text) ? "" : OtherKey(question);
  absl::string_view choice = form.First(FieldName(question));
  if (choice.empty()) choice = other;
  if (choice.empty()) return read.answer.reset();
  read.answer->set_choice(std::string(choice));
  if (!other.empty() && choice == other) read.answer->set_other_text(std::string(other_text));
}

void ReadChoices(const v1::Question& question, const Form& form, FormAnswer& read) {
  std::vector<std::string> keys = form.All(FieldName(question));
  const absl::string_view other_text = form.First(FieldName(question, kOther));
  const absl::string_view other = IsBlank(other_text) ? "" : OtherKey(question);
  if (!other.empty()) {
    if (std::find(keys.begin(), keys.end(), other) == keys.end()) keys.emplace_back(other);
    read.answer->set_other_text(std::string(other_text));
  }
  if (keys.empty()) return read.answer.reset();
  for (std::string& key : keys) read.answer->mutable_choices()->add_keys(std::move(key));
}

void ReadMatrix(const v1::Question& question, const Form& form, FormAnswer& read) {
  for (const v1::ChoiceOption& row : question.matrix().rows()) {
    const absl::string_view column = form.First(FieldName(question, row.key()));
    if (!column.empty()) (*read.answer->mutable_matrix()->mutable_columns())[row.key()] = std::string(column);
  }
  if (!read.answer->has_matrix()) read.answer.reset();
}

// Places need not follow each other without a gap: their order counts.
void ReadRanking(const v1::Question& question, const Form& form, FormAnswer& read) {
  absl::btree_map<int, std::string> by_place;
  for (const v1::ChoiceOption& option : question.ranking().options()) {
    const absl::string_view text = absl::StripAsciiWhitespace(form.First(FieldName(question, option.key())));
    if (text.empty()) continue;
    int place = 0;
    if (!absl::SimpleAtoi(text, &place) || place < 1 || !by_place.emplace(place, option.key()).second) {
      read.unreadable = true;
    }
  }
  if (by_place.empty() || read.unreadable) return read.answer.reset();
  for (auto& [place, key] : by_place) read.answer->mutable_ranking()->add_keys(key);
}

// Takes a comma for a point, and leaves out the blanks that people put between thousands.
void ReadNumber(absl::string_view text, FormAnswer& read) {
  const std::string plain = absl::StrReplaceAll(
      absl::StripAsciiWhitespace(text), {{",", "."}, {" ", ""}, {"\u00a0", ""}, {"\u202f", ""}, {"\u2212", "-"}});
  const bool digits = std::all_of(plain.begin(), plain.end(), [](unsigned char c) {
    return absl::ascii_isdigit(c) || c == '.' || c == '-' || c == '+';
  });
  double number = 0;
  if (digits && absl::SimpleAtod(plain, &number)) {
    read.answer->set_number(number);
  } else {
    read.unreadable = true;
  }
}

}  // namespace

absl::StatusOr<Form> Form::Parse(absl::string_view body) {
  Form form;
  for (absl::string_view pair : absl::StrSplit(body, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(pair, absl::MaxSplits('=', 1));
    std::string name = Decode(parts.first);
    std::string value = Decode(parts.second);
    if (!IsUtf8(name) || !IsUtf8(value)) {
      return FieldError(v1::ERROR_REASON_INVALID_FIELD, "body", "is not a form in UTF-8");
    }
    form.Add(name, std::move(value));
  }
  return form;
}

void Form::Add(const std::string& name, std::string value) { values_[name].push_back(std::move(value)); }

absl::string_view Form::First(absl::string_view name) const {
  const std::vector<std::string>& all = All(name);
  return all.empty() ? absl::string_view() : absl::string_view(all[0]);
}

const std::vector<std::string>& Form::All(absl::string_view name) const {
  static const auto* const none = new std::vector<std::string>();
  const auto found = values_.find(name);
  return found == values_.end() ? *none : found->second;
}

std::string FieldName(const v1::Question& question, absl::string_view part) {
  return absl::StrCat(kPrefix, question.key(), part.empty() ? "" : ".", part);
}

FormAnswer ReadAnswer(const v1::Question& question, const Form& form) {
  FormAnswer read{.answer = v1::Answer()};
  read.answer->set_question(question.key());
  const absl::string_view value = form.First(FieldName(question));
  switch (question.kind_case()) {
    case v1::Question::kSingleChoice:
      ReadChoice(question, form, read);
      return read;
    case v1::Question::kMultipleChoice:
      ReadChoices(question, form, read);
      return read;
    case v1::Question::kMatrix:
      ReadMatrix(question, form, read);
      return read;
    case v1::Question::kRanking:
      ReadRanking(question, form, read);
      return read;
    case v1::Question::kConsent:
      // A box that is not ticked is an answer, too.
      read.answer->set_consent(!value.empty());
      return read;
    case v1::Question::kStatement:
    case v1::Question::KIND_NOT_SET:
      return FormAnswer();
    default:
      break;
  }
  if (IsBlank(value)) return FormAnswer();
  if (question.has_free_text()) {
    read.answer->set_text(std::string(value));
  } else if (question.has_number()) {
    ReadNumber(value, read);
  } else if (question.has_date()) {
    read.answer->set_date(std::string(absl::StripAsciiWhitespace(value)));
  } else {
    ReadScore(value, read);
  }
  if (read.unreadable) read.answer.reset();
  return read;
}

std::string NumberText(double number) {
  google::protobuf::Value value;
  value.set_number_value(number);
  return conditions::FactText(value);
}

void WriteAnswer(const v1::Question& question, const v1::Answer& answer, Form& form) {
  const std::string name = FieldName(question);
  switch (answer.value_case()) {
    case v1::Answer::kScore:
      return form.Add(name, absl::StrCat(answer.score()));
    case v1::Answer::kChoice:
      form.Add(name, answer.choice());
      break;
    case v1::Answer::kChoices:
      for (const std::string& key : answer.choices().keys()) form.Add(name, key);
      break;
    case v1::Answer::kText:
      return form.Add(name, answer.text());
    case v1::Answer::kMatrix:
      for (const auto& [row, column] : answer.matrix().columns()) form.Add(FieldName(question, row), column);
      return;
    case v1::Answer::kRanking:
      for (int i = 0; i < answer.ranking().keys_size(); ++i) {
        form.Add(FieldName(question, answer.ranking().keys(i)), absl::StrCat(i + 1));
      }
      return;
    case v1::Answer::kNumber:
      return form.Add(name, NumberText(answer.number()));
    case v1::Answer::kDate:
      return form.Add(name, answer.date());
    case v1::Answer::kConsent:
      if (answer.consent()) form.Add(name, "yes");
      return;
    case v1::Answer::kDismissed:
      // The choice of no answer.
      return form.Add(name, "");
    case v1::Answer::VALUE_NOT_SET:
      return;
  }
  if (!answer.other_text().empty()) form.Add(FieldName(question, kOther), answer.other_text());
}

}  // namespace canvass::http
