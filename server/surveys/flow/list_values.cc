#include "server/surveys/flow/list_values.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "server/surveys/flow/text_values.h"
#include "server/surveys/survey.h"

namespace canvass::surveys {
namespace {

using google::protobuf::Value;

// Of so many options every combination is tried.
constexpr std::size_t kMaxAskedFor = 6;

struct Limits {
  int least;
  int most;
};

Limits LimitsOf(const v1::Question& question) {
  if (question.has_ranking()) return {MinRankedOf(question.ranking()), question.ranking().options_size()};
  return {question.multiple_choice().min_choices(), MaxChoicesOf(question.multiple_choice())};
}

// The options of a question, apart by whether a comparison asks for them.
struct Options {
  std::vector<const v1::ChoiceOption*> asked_for;
  std::vector<const v1::ChoiceOption*> others;
};

Options OptionsIn(const v1::Question& question, Comparisons comparisons) {
  absl::flat_hash_set<std::string> keys;
  for (const v1::Comparison* compare : comparisons) keys.insert(LiteralOf(*compare));
  Options options;
  for (const v1::ChoiceOption& option : *OptionsOf(question)) {
    (keys.contains(option.key()) ? options.asked_for : options.others).push_back(&option);
  }
  return options;
}

Value ListOf(const std::vector<const v1::ChoiceOption*>& options) {
  Value value;
  value.mutable_list_value();
  for (const v1::ChoiceOption* option : options) {
    value.mutable_list_value()->add_values()->set_string_value(option->key());
  }
  return value;
}

// Makes an answer of `chosen` by adding `others`, which nobody asks for; false if none can be made.
bool Complete(const std::vector<const v1::ChoiceOption*>& others, Limits limits,
              std::vector<const v1::ChoiceOption*>& chosen) {
  const bool exclusive =
      std::any_of(chosen.begin(), chosen.end(), [](const v1::ChoiceOption* option) { return option->exclusive(); });
  if (exclusive) return chosen.size() == 1;
  if (chosen.empty()) {
    const auto alone = std::find_if(others.begin(), others.end(), [](auto* other) { return other->exclusive(); });
    if (alone != others.end()) {
      chosen.push_back(*alone);
      return true;  // enough by itself
    }
  }
  const int wanted = std::max(limits.least, chosen.empty() ? 1 : 0);
  for (const v1::ChoiceOption* other : others) {
    if (std::ssize(chosen) < wanted && !other->exclusive()) chosen.push_back(other);
  }
  return std::ssize(chosen) >= limits.least && std::ssize(chosen) <= limits.most;
}

}  // namespace

FieldValues ListValuesOf(const v1::Question& question, Comparisons comparisons) {
  Options options = OptionsIn(question, comparisons);
  FieldValues result;
  if (options.asked_for.size() > kMaxAskedFor) {
    result.complete = false;
    options.asked_for.resize(kMaxAskedFor);
  }
  const std::size_t combinations = std::size_t{1} << options.asked_for.size();
  for (std::size_t bits = 0; bits < combinations; ++bits) {
    std::vector<const v1::ChoiceOption*> chosen;
    for (std::size_t i = 0; i < options.asked_for.size(); ++i) {
      if ((bits >> i & 1) != 0) chosen.push_back(options.asked_for[i]);
    }
    if (Complete(options.others, LimitsOf(question), chosen)) result.values.push_back(ListOf(chosen));
  }
  return result;
}

}  // namespace canvass::surveys
