#include "server/surveys/definition/choice_rules.h"

#include <google/protobuf/repeated_ptr_field.h>

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "server/surveys/definition/option_value.h"

namespace canvass::surveys {
namespace {

using google::protobuf::RepeatedPtrField;

// What lists of options differ in.
struct ListRules {
  int least;
  int most;
  bool may_be_exclusive = false;
  bool may_be_other = false;
};

constexpr ListRules kSingleChoice = {.least = 2, .most = 500, .may_be_other = true};
constexpr ListRules kMultipleChoice = {.least = 2, .most = 500, .may_be_exclusive = true, .may_be_other = true};
constexpr ListRules kRows = {.least = 1, .most = 100};
constexpr ListRules kColumns = {.least = 2, .most = 20};
constexpr ListRules kRanking = {.least = 2, .most = 50};

// Metrics count options by their values, so two may not share one.
class OptionValues {
 public:
  void Check(const std::string& path, const std::string& key, Faults& faults) {
    const auto [earlier, is_new] = keys_.emplace(OptionValue(key), key);
    if (is_new || earlier->second == key) return;
    faults.Add(path + ".key", absl::StrCat(Quoted(key), " and ", Quoted(earlier->second),
                                           " are one to metrics, by chance; choose another key"));
  }

 private:
  absl::flat_hash_map<int32_t, std::string> keys_;
};

void CheckOptions(const std::string& path, const RepeatedPtrField<v1::ChoiceOption>& options, const ListRules& rules,
                  const TextRules& texts, Faults& faults) {
  faults.CheckCount(path, options.size(), rules.least, rules.most);
  Keys keys(Keys::First::kAny, faults);
  OptionValues values;
  int other = -1;
  for (int i = 0; i < std::min(options.size(), rules.most) && !faults.Full(); ++i) {
    const std::string option = absl::StrCat(path, "[", i, "]");
    keys.Check(option, options[i].key());
    values.Check(option, options[i].key(), faults);
    texts.Check(option + ".text", options[i].text(), TextRules::Presence::kRequired);
    if (options[i].exclusive() && !rules.may_be_exclusive) {
      faults.Add(option + ".exclusive", "is for options of a multiple choice alone");
    }
    if (!options[i].other()) continue;
    if (!rules.may_be_other) faults.Add(option + ".other", "is for options of a single or multiple choice alone");
    if (rules.may_be_other && other >= 0) {
      faults.Add(option + ".other", absl::StrCat("options[", other, "] is the other option already; there is one"));
    }
    if (other < 0) other = i;
  }
}

void CheckOrder(const std::string& path, v1::OptionOrder order, Faults& faults) {
  if (v1::OptionOrder_IsValid(order)) return;
  faults.Add(path + ".order", "must be OPTION_ORDER_AS_WRITTEN or OPTION_ORDER_SHUFFLED");
}

}  // namespace

void CheckSingleChoice(const std::string& path, const v1::SingleChoiceQuestion& question, const TextRules& texts,
                       Faults& faults) {
  CheckOptions(path + ".options", question.options(), kSingleChoice, texts, faults);
  CheckOrder(path, question.order(), faults);
}

void CheckMultipleChoice(const std::string& path, const v1::MultipleChoiceQuestion& question, const TextRules& texts,
                         Faults& faults) {
  CheckOptions(path + ".options", question.options(), kMultipleChoice, texts, faults);
  CheckOrder(path, question.order(), faults);
  const int options = question.options_size();
  for (const auto& [name, count] :
       {std::pair(".min_choices", question.min_choices()), std::pair(".max_choices", question.max_choices())}) {
    if (count >= 0 && count <= options) continue;
    faults.Add(path + name, absl::StrCat(count, " is not allowed: 0 to ", options, ", the number of options"));
  }
  if (question.max_choices() > 0 && question.min_choices() > question.max_choices()) {
    faults.Add(path + ".min_choices",
               absl::StrCat(question.min_choices(), " is more than max_choices, which is ", question.max_choices()));
  }
}

void CheckMatrix(const std::string& path, const v1::MatrixQuestion& question, const TextRules& texts, Faults& faults) {
  CheckOptions(path + ".rows", question.rows(), kRows, texts, faults);
  CheckOptions(path + ".columns", question.columns(), kColumns, texts, faults);
  CheckOrder(path, question.order(), faults);
}

void CheckRanking(const std::string& path, const v1::RankingQuestion& question, const TextRules& texts,
                  Faults& faults) {
  CheckOptions(path + ".options", question.options(), kRanking, texts, faults);
  CheckOrder(path, question.order(), faults);
  if (question.min_ranked() >= 0 && question.min_ranked() <= question.options_size()) return;
  faults.Add(path + ".min_ranked", absl::StrCat(question.min_ranked(), " is not allowed: 0 to ",
                                                question.options_size(), ", the number of options"));
}

}  // namespace canvass::surveys
