// Names of SurveyJS as keys of Canvass.
//
//   KeyMaker keys(KeyMaker::First::kLetter, "question");
//   keys.Make("First Name")   "first_name"
//   keys.Make("firstName")    "first_name_2"
//
// The same names in the same order get the same keys. Not thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_READING_KEY_MAKER_H_
#define CANVASS_CLIENT_SURVEYJS_READING_KEY_MAKER_H_

#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace canvass::surveyjs {

class KeyMaker {
 public:
  enum class First { kLetter, kAny };
  // `otherwise` is the key of a name without any letter or digit of ASCII, and stands before one that has no letter
  // first.
  KeyMaker(First first, std::string otherwise) : first_(first), otherwise_(std::move(otherwise)) {}

  // A key that was not made before: `name` itself if it is one.
  std::string Make(absl::string_view name);

 private:
  std::string Plain(absl::string_view name) const;

  First first_;
  std::string otherwise_;
  absl::flat_hash_set<std::string> taken_;
};

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_READING_KEY_MAKER_H_
