// Turns an expression of SurveyJS into a condition that is true of the same answers.
//
//   absl::StatusOr<v1::Condition> condition = ConditionOf(*expression, resolve, caveats);
//
// The two languages differ in small things, which are settled here: SurveyJS takes '5' for 5, Canvass does not, so
// constants become what the answer holds; `<>` is true of a missing answer in SurveyJS alone, so it becomes NOT =;
// the options of a choice are compared by their values in SurveyJS and by their keys here, so `{score} >= 4` over
// options becomes "one of those whose value is at least 4".
//
// Pure; thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_EXPRESSION_CONDITION_OF_H_
#define CANVASS_CLIENT_SURVEYJS_EXPRESSION_CONDITION_OF_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/condition.pb.h"
#include "client/surveyjs/expression/expression.h"

namespace canvass::surveyjs {

// What a name in an expression stands for.
struct Reference {
  enum class Kind {
    kNumber,   // score or number
    kText,     // text or date
    kBoolean,  // consent
    kOption,   // one of `options`, by its key
    kOptions,  // a list of keys of `options`
    kRanking,  // the same in order
    kObject,   // a whole matrix, which is there or not
    kFact,     // of contact or event: whatever it holds
  };
  struct Option {
    nlohmann::json value;  // in SurveyJS
    std::string key;       // in Canvass
  };
  Kind kind = Kind::kText;
  std::string field;  // `answer.city`
  std::vector<Option> options = {};
};

// InvalidArgument with the reason, as in "refers to 'x', which is asked later", if the name cannot be used.
using Resolve = absl::FunctionRef<absl::StatusOr<Reference>(absl::string_view name)>;

// The condition; see condition_building.h for those that are always or never true. `caveats` gets a sentence for each
// difference that remains. InvalidArgument with the reason if a condition cannot say it.
absl::StatusOr<v1::Condition> ConditionOf(const Expression& expression, Resolve resolve,
                                          std::vector<std::string>& caveats);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_EXPRESSION_CONDITION_OF_H_
