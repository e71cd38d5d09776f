// Which elements of an older list are which of a newer one, by what identifies them, and which of those stand
// elsewhere.
//
//   MatchSequences({"a", "b", "c"}, {"c", "x", "a"})   c moved, x new, a where it was, b gone
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_VERSIONS_SEQUENCE_MATCH_H_
#define CANVASS_SERVER_SURVEYS_VERSIONS_SEQUENCE_MATCH_H_

#include <string>
#include <vector>

namespace canvass::surveys {

// The places of one element in both lists, -1 where it is not.
struct SequenceMatch {
  int before = -1;
  int after = -1;
  // It is in both, but passed elements that kept their order. As few as possible count as moved.
  bool moved = false;
  friend bool operator==(const SequenceMatch&, const SequenceMatch&) = default;
};

// In the order of `after`; what is in `before` alone comes behind the element it stood behind. No text comes twice in
// one list.
std::vector<SequenceMatch> MatchSequences(const std::vector<std::string>& before,
                                          const std::vector<std::string>& after);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_VERSIONS_SEQUENCE_MATCH_H_
