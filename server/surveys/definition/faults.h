// What is wrong with a definition: violations with their paths, and the checks that every rule needs.
//
//   Faults faults(violations);
//   faults.CheckCount("definition.pages", definition.pages_size(), 0, 100);
//
// Rules stop looking once Full, so that hostile input costs no more than it may. Not thread-safe; the violations must
// outlive the faults.
#ifndef CANVASS_SERVER_SURVEYS_DEFINITION_FAULTS_H_
#define CANVASS_SERVER_SURVEYS_DEFINITION_FAULTS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "server/base/error.h"

namespace canvass::surveys {

// A caller's text as an error quotes it: shortened, escaped, in single quotes.
std::string Quoted(absl::string_view text);

// True if `key` has the form of a key that starts with a letter.
bool IsKey(absl::string_view key);

class Faults {
 public:
  explicit Faults(Violations& violations) : violations_(violations) {}

  // True once as many are known as are reported.
  bool Full() const { return violations_.list().size() >= Violations::kMaxReported; }

  // Adds one unless Full.
  void Add(absl::string_view path, absl::string_view description);

  // That a list has `least` to `most` items.
  void CheckCount(absl::string_view path, int count, int least, int most);
  // True if a list had more.
  bool HasTooMany() const { return has_too_many_; }

  // That a number lies between `least` and `most`.
  void CheckRange(absl::string_view path, int64_t value, int64_t least, int64_t most);

  // That `text` has at most so many characters.
  void CheckLength(absl::string_view path, absl::string_view text, std::size_t max_characters);
  // That `key` IsKey.
  void CheckKeyForm(absl::string_view path, absl::string_view key);

 private:
  Violations& violations_;
  bool has_too_many_ = false;
};

// Keys within one list: their form, and that none comes twice.
class Keys {
 public:
  enum class First { kLetter, kAny };

  Keys(First first, Faults& faults) : first_(first), faults_(faults) {}

  // `owner` is the path of what has the key.
  void Check(const std::string& owner, const std::string& key);

 private:
  const First first_;
  Faults& faults_;
  absl::flat_hash_map<std::string, std::string> owners_;
};

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_DEFINITION_FAULTS_H_
