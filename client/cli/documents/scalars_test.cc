#include "client/cli/documents/scalars.h"

#include <gtest/gtest.h>

#include "canvass/v1/invitation.pb.h"
#include "client/cli/documents/nearest.h"
#include "client/cli/names.h"

namespace canvass::cli {
namespace {

TEST(ScalarsTest, Durations) {
  EXPECT_EQ(*ParseDuration("0s"), absl::ZeroDuration());
  EXPECT_EQ(*ParseDuration("90s"), absl::Seconds(90));
  EXPECT_EQ(*ParseDuration("1h30m"), absl::Minutes(90));
  EXPECT_EQ(*ParseDuration("30d"), absl::Hours(720));
  EXPECT_EQ(*ParseDuration("1.5h"), absl::Minutes(90));
  EXPECT_EQ(*ParseDuration("250ms"), absl::Milliseconds(250));
  EXPECT_EQ(*ParseDuration("3650d"), absl::Hours(24 * 3650));
  for (const char* bad : {"", "5", "d", "-5s", "5 s", "1h30", "5y", "1..5s", "99999999999999w", "1e3s"}) {
    EXPECT_FALSE(ParseDuration(bad).ok()) << bad;
  }
}

TEST(ScalarsTest, Times) {
  EXPECT_EQ(*ParseTime("2017-05-10"), absl::FromUnixSeconds(1494374400));
  EXPECT_EQ(*ParseTime("2017-05-10T14:03:00+02:00"), absl::FromUnixSeconds(1494417780));
  for (const char* bad :
       {"", "yesterday", "2017-05", "2017-13-01", "2017-05-10 14:03", "2017-05-10T14:03:00", "infinite-future"}) {
    EXPECT_FALSE(ParseTime(bad).ok()) << bad;
  }
}

TEST(ScalarsTest, Enums) {
  const auto& channel = *v1::Invitation::Channel_descriptor();
  for (const char* text : {"in_app", "in-app", "IN_APP", "CHANNEL_IN_APP"}) {
    EXPECT_EQ((*ParseEnum(channel, text))->number(), v1::Invitation::CHANNEL_IN_APP) << text;
  }
  EXPECT_FALSE(ParseEnum(channel, "unspecified").ok());
  EXPECT_EQ(ParseEnum(channel, "emial").status().message(), "there is no 'emial'; did you mean 'email'?");
  EXPECT_EQ(EnumText(channel, v1::Invitation::CHANNEL_IN_APP), "in_app");
  EXPECT_EQ(EnumText(channel, 0), "");
  EXPECT_EQ(EnumText(channel, 99), "");
}

TEST(NearestTest, FindsWhatWasMeant) {
  const std::vector<std::string> names = {"display_name", "questions", "default_language", "nps"};
  EXPECT_EQ(Nearest("displayName", names), "display_name");
  EXPECT_EQ(Nearest("qeustions", names), "questions");
  EXPECT_EQ(Nearest("default-langauge", names), "default_language");
  EXPECT_EQ(Nearest("npss", names), "nps");
  EXPECT_EQ(Nearest("x", names), "");
  EXPECT_EQ(Nearest("colour", names), "");
}

TEST(NamesTest, Expand) {
  EXPECT_EQ(TenantName(""), "tenants/-");
  EXPECT_EQ(TenantName("acme"), "tenants/acme");
  EXPECT_EQ(FullName("tenants/-", "surveys", "nps"), "tenants/-/surveys/nps");
  EXPECT_EQ(FullName("tenants/-", "surveys", "surveys/nps"), "tenants/-/surveys/nps");
  EXPECT_EQ(FullName("tenants/-", "surveys", "tenants/acme/surveys/nps"), "tenants/acme/surveys/nps");
  EXPECT_EQ(FullName("tenants/-", "contacts", "a/b č"), "tenants/-/contacts/a%2Fb%20%C4%8D");
  EXPECT_EQ(FullName("tenants/-", "events", "e/decisions/t"), "tenants/-/events/e%2Fdecisions%2Ft");
  EXPECT_EQ(FullName("tenants/-", "events", "events/e/decisions/t"), "tenants/-/events/e/decisions/t");
}

TEST(NamesTest, Shorten) {
  EXPECT_EQ(ShortName("tenants/acme/contacts/a%2Fb%20%C4%8D"), "a/b č");
  EXPECT_EQ(ShortName("plain"), "plain");
  EXPECT_EQ(ShortName("x/100%"), "100%");
  EXPECT_EQ(ShortName(""), "");
}

}  // namespace
}  // namespace canvass::cli
