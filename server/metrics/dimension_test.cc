#include "server/metrics/dimension.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "server/metrics/dimension_cache.h"
#include "server/metrics/testing/metric_world.h"

namespace canvass::metrics {
namespace {

using testing::Parse;

v1::Response AnyResponse() {
  return Parse<v1::Response>(R"pb(
    language: "pt-BR"
    channel: CHANNEL_IN_APP
    facts {
      fields {
        key: "event"
        value {
          struct_value {
            fields {
              key: "boarding_area"
              value { string_value: "A" }
            }
            fields {
              key: "gate"
              value { number_value: 7 }
            }
            fields {
              key: "late"
              value { bool_value: true }
            }
            fields {
              key: "address"
              value {
                struct_value {
                  fields {
                    key: "city"
                    value { string_value: "Recife" }
                  }
                }
              }
            }
          }
        }
      }
      fields {
        key: "contact"
        value {
          struct_value {
            fields {
              key: "country"
              value { string_value: "BR" }
            }
          }
        }
      }
    })pb");
}

TEST(BreakdownTextTest, TakesFactsOfEventAndContact) {
  const v1::Response response = AnyResponse();
  EXPECT_EQ(BreakdownText("event.boarding_area", response), "A");
  EXPECT_EQ(BreakdownText("event.gate", response), "7");
  EXPECT_EQ(BreakdownText("event.late", response), "true");
  EXPECT_EQ(BreakdownText("event.address.city", response), "Recife");
  EXPECT_EQ(BreakdownText("contact.country", response), "BR");
  EXPECT_EQ(BreakdownText("contact.city", response), "");
  EXPECT_EQ(BreakdownText("event.address", response), "");
}

TEST(BreakdownTextTest, TakesLanguageAndChannelOfTheResponse) {
  v1::Response response = AnyResponse();
  EXPECT_EQ(BreakdownText("response.language", response), "pt-BR");
  EXPECT_EQ(BreakdownText("response.channel", response), "in_app");
  response.set_channel(v1::Invitation::CHANNEL_LINK);
  EXPECT_EQ(BreakdownText("response.channel", response), "link");
  EXPECT_EQ(BreakdownText("response.language", v1::Response()), "");
}

TEST(BreakdownTextTest, OfInvitationsKnowsNothingOfTheResponse) {
  v1::Invitation invitation;
  *invitation.mutable_facts() = AnyResponse().facts();
  invitation.set_channel(v1::Invitation::CHANNEL_IN_APP);
  EXPECT_EQ(BreakdownText("event.boarding_area", invitation), "A");
  EXPECT_EQ(BreakdownText("response.channel", invitation), "");
}

TEST(BreakdownTextTest, CutsLongTextsBetweenCharacters) {
  v1::Response response;
  // 255 bytes, then a character of two bytes that would end behind the limit.
  response.set_language(absl::StrCat(std::string(255, 'a'), "\xc3\xa9", "bc"));
  EXPECT_EQ(BreakdownText("response.language", response), std::string(255, 'a'));
  response.set_language(absl::StrCat(std::string(254, 'a'), "\xc3\xa9", "bc"));
  EXPECT_EQ(BreakdownText("response.language", response), absl::StrCat(std::string(254, 'a'), "\xc3\xa9"));
}

TEST(DimensionTest, KeysTellCombinationsApart) {
  const std::vector<Dimension> dimensions = {
      {},
      {{"event.a", ""}},
      {{"event.a", "x"}},
      {{"event.ax", ""}},
      {{"event.a", ""}, {"event.b", "x"}},
      {{"event.a", "x"}, {"event.b", ""}},
      {{"event.a", "x7:event.b1:y"}},
      {{"event.a", "x"}, {"event.b", "y"}},
  };
  std::set<std::string> keys;
  for (const Dimension& dimension : dimensions) keys.insert(DimensionKey(dimension));
  EXPECT_EQ(keys.size(), dimensions.size());
  EXPECT_EQ(DimensionKey({{"event.a", "x"}}), DimensionKey({{"event.a", "x"}}));
  for (const std::string& key : keys) EXPECT_EQ(key.size(), 16u);
}

TEST(DimensionTest, PayloadComesBack) {
  const Dimension dimension = {{"event.a", "x\xc3\xa9 \"'"}, {"response.language", ""}};
  const auto parsed = ParseDimension(DimensionPayload(dimension));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(*parsed, dimension);
  EXPECT_EQ(TextOf(*parsed, "event.a"), "x\xc3\xa9 \"'");
  EXPECT_EQ(TextOf(*parsed, "event.z"), "");
  EXPECT_FALSE(ParseDimension("\xff\xff").ok());
}

TEST(DimensionCacheTest, TellsTenantsAndSurveysApart) {
  DimensionCache cache;
  const auto dimension = std::make_shared<const Dimension>(Dimension{{"event.a", "x"}});
  cache.Add(TenantId("acme"), SurveyId("nps"), "0123456789abcdef", dimension);
  EXPECT_EQ(cache.Find(TenantId("acme"), SurveyId("nps"), "0123456789abcdef"), dimension);
  EXPECT_EQ(cache.Find(TenantId("acme"), SurveyId("csat"), "0123456789abcdef"), nullptr);
  EXPECT_EQ(cache.Find(TenantId("other"), SurveyId("nps"), "0123456789abcdef"), nullptr);
}

TEST(DimensionCacheTest, KeepsWhatIsUsedAndStaysBounded) {
  DimensionCache cache(100);
  const auto dimension = std::make_shared<const Dimension>();
  const TenantId tenant("acme");
  const SurveyId survey("nps");
  cache.Add(tenant, survey, "used", dimension);
  for (int i = 0; i < 1'000; ++i) {
    cache.Add(tenant, survey, std::to_string(i), dimension);
    ASSERT_NE(cache.Find(tenant, survey, "used"), nullptr) << i;
    ASSERT_LE(cache.size(), 100u);
  }
  EXPECT_EQ(cache.Find(tenant, survey, "0"), nullptr);
}

}  // namespace
}  // namespace canvass::metrics
