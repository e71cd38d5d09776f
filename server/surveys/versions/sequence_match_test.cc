#include "server/surveys/versions/sequence_match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace canvass::surveys {
namespace {

// "+x" for what is new, "-x" for what is gone, "~x" for what moved.
std::string Match(const std::string& before, const std::string& after) {
  const auto split = [](const std::string& text) {
    std::vector<std::string> list;
    for (char c : text) list.emplace_back(1, c);
    return list;
  };
  std::string result;
  for (const SequenceMatch& match : MatchSequences(split(before), split(after))) {
    if (match.before < 0) result += "+";
    if (match.after < 0) result += "-";
    if (match.moved) result += "~";
    result += match.after < 0 ? before[match.before] : after[match.after];
  }
  return result;
}

TEST(MatchSequencesTest, FindsWhatMovedAndKeepsTheRest) {
  EXPECT_EQ(Match("", ""), "");
  EXPECT_EQ(Match("", "ab"), "+a+b");
  EXPECT_EQ(Match("ab", ""), "-a-b");
  EXPECT_EQ(Match("abc", "abc"), "abc");
  EXPECT_EQ(Match("abc", "xabc"), "+xabc");
  EXPECT_EQ(Match("abcd", "bcda"), "bcd~a");
  EXPECT_EQ(Match("abcd", "dabc"), "~dabc");
  EXPECT_EQ(Match("abcdef", "aecdbf"), "a~ecd~bf");
}

TEST(MatchSequencesTest, WhatIsGoneComesWhereItStood) {
  EXPECT_EQ(Match("xab", "ab"), "-xab");
  EXPECT_EQ(Match("axyb", "anb"), "a-x-y+nb");
  EXPECT_EQ(Match("abx", "ba"), "b-x~a") << "behind the one it stood behind";
}

RC_GTEST_PROP(MatchSequencesTest, EveryElementOnceAndTheLeastMoves, (std::set<std::string> all)) {
  const auto shuffled = [&] {
    std::vector<std::string> list;
    for (const std::string& each : all) {
      if (*rc::gen::inRange(0, 4) > 0) list.push_back(each);
    }
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[*rc::gen::inRange<std::size_t>(0, i)]);
    return list;
  };
  const std::vector<std::string> before = shuffled();
  const std::vector<std::string> after = shuffled();
  std::set<int> old_places;
  std::vector<int> kept;
  int next = 0;
  int both = 0;
  for (const SequenceMatch& match : MatchSequences(before, after)) {
    if (match.before >= 0) RC_ASSERT(old_places.insert(match.before).second);
    if (match.after >= 0) RC_ASSERT(match.after == next++);
    if (match.before < 0 || match.after < 0) {
      RC_ASSERT(!match.moved);
      continue;
    }
    ++both;
    RC_ASSERT(before[match.before] == after[match.after]);
    if (!match.moved) kept.push_back(match.before);
  }
  RC_ASSERT(next == static_cast<int>(after.size()));
  RC_ASSERT(old_places.size() == before.size());
  RC_ASSERT(std::is_sorted(kept.begin(), kept.end()));

  // The longest common subsequence the slow way.
  std::vector<std::vector<int>> longest(before.size() + 1, std::vector<int>(after.size() + 1, 0));
  for (std::size_t i = 0; i < before.size(); ++i) {
    for (std::size_t j = 0; j < after.size(); ++j) {
      longest[i + 1][j + 1] =
          before[i] == after[j] ? longest[i][j] + 1 : std::max(longest[i][j + 1], longest[i + 1][j]);
    }
  }
  RC_ASSERT(static_cast<int>(kept.size()) == longest[before.size()][after.size()]);
  RC_ASSERT(both >= static_cast<int>(kept.size()));
}

}  // namespace
}  // namespace canvass::surveys
