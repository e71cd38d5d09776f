#include "server/surveys/versions/series_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "server/surveys/testing/definitions.h"
#include "server/surveys/versions/series_identity.h"

namespace canvass::surveys {
namespace {

using testing::Define;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SeriesHistoryTest, KnowsWhichVersionsAskWhat) {
  SeriesHistory history;
  EXPECT_EQ(history.LastVersionOf("a"), 0);
  history.AddVersion(Define("questions { key: 'a' csat {} } questions { key: 'hint' statement {} }"));
  history.AddVersion(Define("questions { key: 'a' csat { points: 5 } } questions { key: 'b' nps {} }"));
  history.AddVersion(Define("questions { key: 'a' csat { points: 7 } }"));
  history.AddVersion(Define("questions { key: 'b' nps {} }"));
  history.AddVersion(Define("questions { key: 'a' csat {} }"));
  EXPECT_EQ(history.versions(), 5);
  EXPECT_EQ(history.LastVersionOf("a"), 5);
  EXPECT_EQ(history.LastVersionOf("b"), 4);
  EXPECT_EQ(history.LastVersionOf("hint"), 0) << "it takes no answers";
  EXPECT_THAT(history.VersionsOf("a", "csat5").same, ElementsAre(1, 2, 5));
  EXPECT_THAT(history.VersionsOf("a", "csat5").other, ElementsAre(3));
  EXPECT_THAT(history.VersionsOf("a", "csat7").same, ElementsAre(3));
  EXPECT_THAT(history.VersionsOf("b", "nps").same, ElementsAre(2, 4));
  EXPECT_THAT(history.VersionsOf("none", "nps").same, IsEmpty());
}

TEST(SeriesHistoryTest, WhatStaysTheSameTakesNoMoreMemory) {
  SeriesHistory history;
  const v1::SurveyDefinition definition = Define("questions { key: 'a' csat {} } questions { key: 'b' nps {} }");
  history.AddVersion(definition);
  const std::size_t bytes = history.bytes();
  for (int i = 0; i < 1000; ++i) history.AddVersion(definition);
  EXPECT_EQ(history.bytes(), bytes);
}

// Every kind has one, and no two the same: they are in databases.
TEST(SeriesIdentityTest, IsTheSameForever) {
  const auto identity = [](const std::string& kind) {
    return SeriesIdentity(Define("questions { " + kind + " }").questions(0));
  };
  EXPECT_EQ(identity("nps {}"), "nps");
  EXPECT_EQ(identity("csat {}"), "csat5");
  EXPECT_EQ(identity("ces {}"), "ces7");
  EXPECT_EQ(identity("ces { points: 10 direction: DIRECTION_EFFORT_IS_HIGH }"), "ces10e");
  EXPECT_EQ(identity("rating { points: 10 }"), "rating10");
  EXPECT_EQ(identity("single_choice {}"), "one");
  EXPECT_EQ(identity("multiple_choice {}"), "many");
  EXPECT_EQ(identity("free_text {}"), "text");
  EXPECT_EQ(identity("matrix {}"), "matrix");
  EXPECT_EQ(identity("ranking {}"), "ranking");
  EXPECT_EQ(identity("number {}"), "number");
  EXPECT_EQ(identity("date {}"), "date");
  EXPECT_EQ(identity("consent {}"), "consent");
  EXPECT_EQ(identity("statement {}"), "");
  EXPECT_EQ(identity(""), "");
}

}  // namespace
}  // namespace canvass::surveys
