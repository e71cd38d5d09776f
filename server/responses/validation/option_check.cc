#include "server/responses/validation/option_check.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/text/characters.h"
#include "server/surveys/survey.h"

namespace canvass::responses {
namespace {

using Options = google::protobuf::RepeatedPtrField<v1::ChoiceOption>;
using Keys = google::protobuf::RepeatedPtrField<std::string>;

constexpr std::size_t kMaxOtherText = 1000;
constexpr std::size_t kKeyInPath = 63;

std::string KeyField(absl::string_view list, int place) { return absl::StrCat(list, ".keys[", place, "]"); }

// That every key is an option and none comes twice. Calls `visit` with the place of each key and its option.
template <typename Visit>
void CheckKeys(const Options& options, const Keys& keys, absl::string_view list, const AnswerFaults& faults,
               Visit visit) {
  absl::InlinedVector<bool, 64> seen(options.size());
  int next = 0;
  for (int i = 0; i < keys.size() && !faults.Full(); ++i) {
    const int option = FindFrom(options, next, keys[i]);
    if (option < 0) {
      faults.AddUnknownOption(KeyField(list, i), keys[i]);
      continue;
    }
    if (seen[option]) faults.Add(KeyField(list, i), absl::StrCat(Quoted(keys[i]), " is chosen twice"));
    seen[option] = true;
    next = option + 1;
    visit(i, options[option]);
  }
}

bool IsExclusiveAlone(const v1::MultipleChoiceQuestion& kind, const Keys& keys) {
  if (keys.size() != 1) return false;
  const int option = FindFrom(kind.options(), 0, keys[0]);
  return option >= 0 && kind.options(option).exclusive();
}

// The fewest options that are an answer.
int MinChoicesOf(const v1::Question& question) {
  return std::max(question.multiple_choice().min_choices(), question.required() ? 1 : 0);
}

// Of the answer of one row. Keys of hostile callers are cut and made harmless.
std::string RowField(absl::string_view row) {
  return absl::StrCat("matrix.columns.", absl::CHexEscape(row.substr(0, kKeyInPath)));
}

// Rows that the question does not have, in the order of their keys: that of the map is by chance.
void AddUnknownRows(const v1::MatrixQuestion& kind, const v1::MatrixAnswer& answer, const AnswerFaults& faults) {
  std::vector<absl::string_view> unknown;
  for (const auto& [row, column] : answer.columns()) {
    if (FindFrom(kind.rows(), 0, row) < 0) unknown.push_back(row);
    if (unknown.size() == Violations::kMaxReported) break;
  }
  std::sort(unknown.begin(), unknown.end());
  for (absl::string_view row : unknown) {
    if (faults.Full()) return;
    faults.Add(RowField(row), absl::StrCat(Quoted(row), " is not a row of ", faults.Question()));
  }
}

bool IsOther(const Options& options, absl::string_view key) {
  const int option = FindFrom(options, 0, key);
  return option >= 0 && options[option].other();
}

}  // namespace

void CheckChoice(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults) {
  if (FindFrom(question.single_choice().options(), 0, answer.choice()) >= 0) return;
  faults.AddUnknownOption("choice", answer.choice());
}

void CheckChoices(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults) {
  const v1::MultipleChoiceQuestion& kind = question.multiple_choice();
  const Keys& keys = answer.choices().keys();
  const int min = MinChoicesOf(question);
  const int max = surveys::MaxChoicesOf(kind);
  if ((keys.size() < min && !IsExclusiveAlone(kind, keys)) || keys.size() > max) {
    faults.Add("choices",
               absl::StrCat(keys.size(), " options are chosen; ", faults.Question(), " takes ", min, " to ", max));
    // More keys than options need not be looked up one by one to be wrong.
    if (keys.size() > kind.options_size()) return;
  }
  CheckKeys(kind.options(), keys, "choices", faults, [&](int place, const v1::ChoiceOption& option) {
    if (!option.exclusive() || keys.size() == 1) return;
    faults.Add(KeyField("choices", place), absl::StrCat("'", option.key(), "' cannot be chosen beside another option"));
  });
}

void CheckRanking(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults) {
  const v1::RankingQuestion& kind = question.ranking();
  const Keys& keys = answer.ranking().keys();
  const int min = surveys::MinRankedOf(kind);
  if (keys.size() < min || keys.size() > kind.options_size()) {
    faults.Add("ranking", absl::StrCat(keys.size(), " options are ranked; ", faults.Question(), " takes ", min, " to ",
                                       kind.options_size()));
    if (keys.size() > kind.options_size()) return;
  }
  CheckKeys(kind.options(), keys, "ranking", faults, [](int, const v1::ChoiceOption&) {});
}

void CheckMatrix(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults) {
  const v1::MatrixQuestion& kind = question.matrix();
  const auto& columns = answer.matrix().columns();
  std::size_t known = 0;
  for (const v1::ChoiceOption& row : kind.rows()) {
    if (faults.Full()) return;
    const auto column = columns.find(row.key());
    if (column == columns.end()) {
      if (!question.required()) continue;
      faults.Add(RowField(row.key()), absl::StrCat("is missing: ", faults.Question(), " is required, with every row"));
      continue;
    }
    ++known;
    if (FindFrom(kind.columns(), 0, column->second) >= 0) continue;
    faults.Add(RowField(row.key()), absl::StrCat(Quoted(column->second), " is not a column of ", faults.Question()));
  }
  if (known != columns.size()) AddUnknownRows(kind, answer.matrix(), faults);
}

void CheckOtherText(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults) {
  const std::string& text = answer.other_text();
  if (text.empty()) return;
  bool chosen = false;
  if (answer.has_choice()) chosen = IsOther(question.single_choice().options(), answer.choice());
  if (answer.has_choices()) {
    const Options& options = question.multiple_choice().options();
    const Keys& keys = answer.choices().keys();
    // Of more keys than options something was said already.
    const auto end = keys.begin() + std::min(keys.size(), options.size());
    chosen = std::any_of(keys.begin(), end, [&](const std::string& key) { return IsOther(options, key); });
  }
  if (!chosen) {
    return faults.Add("other_text",
                      absl::StrCat("goes with an option that is `other`, and none is chosen at ", faults.Question()));
  }
  // No text has more characters than bytes.
  if (text.size() <= kMaxOtherText) return;
  const std::size_t count = CharacterCount(text);
  if (count <= kMaxOtherText) return;
  faults.Add("other_text", absl::StrCat("has ", count, " characters; at most ", kMaxOtherText, " are allowed"));
}

}  // namespace canvass::responses
