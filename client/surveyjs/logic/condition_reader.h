// The expressions of a SurveyJS document as conditions at their place in the survey.
//
//   std::optional<v1::Condition> condition = conditions.Read("{nps} < 7", path, 3, "everybody is asked");
//
// Not thread-safe. What it is made of must outlive it.
#ifndef CANVASS_CLIENT_SURVEYJS_LOGIC_CONDITION_READER_H_
#define CANVASS_CLIENT_SURVEYJS_LOGIC_CONDITION_READER_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "canvass/v1/condition.pb.h"
#include "client/surveyjs/reading/names.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {

class ConditionReader {
 public:
  ConditionReader(const Names& names, Report& report) : names_(names), report_(report) {}

  // What `expression` says of the answers to questions before `position`. Nullopt, with a note that ends with the
  // `consequence`, if a condition cannot say it.
  std::optional<v1::Condition> Read(absl::string_view expression, absl::string_view path, int position,
                                    absl::string_view consequence) const;
  // The same without notes.
  std::optional<v1::Condition> TryRead(absl::string_view expression, int position) const;

  // The place of the last question that `expression` names; -1 if it names none that is known.
  int LastNamed(absl::string_view expression) const;

 private:
  const Names& names_;
  Report& report_;
};

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_LOGIC_CONDITION_READER_H_
