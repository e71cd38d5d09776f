#include "server/base/resource_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "server/base/error.h"
#include "tenants/scope_mint.h"

namespace canvass {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ResourceNameTest : public ::testing::Test {
 protected:
  const TenantScope scope_ = tenants::ScopeMint::Mint(TenantId("acme"), absl::UTCTimeZone());
};

TEST_F(ResourceNameTest, IsBuiltFromItsParts) {
  const TenantId acme("acme");
  EXPECT_EQ(ResourceName(acme), "tenants/acme");
  EXPECT_EQ(ResourceName(acme, {"surveys", "nps"}), "tenants/acme/surveys/nps");
  EXPECT_EQ(ResourceName(acme, {"contacts", "a/b c%"}), "tenants/acme/contacts/a%2Fb%20c%25");
}

TEST_F(ResourceNameTest, WhatWasBuiltCanBeParsed) {
  for (const std::string& id :
       {std::string("plain"), std::string("anna@example.com"), std::string("a/b/c"), std::string("100%"),
        std::string("Zoë 😀"), std::string("a\0b", 3), std::string("..")}) {
    const absl::StatusOr<std::string> parsed =
        ParseChild(scope_, "contacts", "name", ResourceName(scope_.tenant(), {"contacts", id}));
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(*parsed, id);
  }
}

TEST_F(ResourceNameTest, NestedCollectionsGiveOneIdEach) {
  const auto ids = ParseResourceName(scope_, {"surveys", "versions"}, "name", "tenants/acme/surveys/nps/versions/3");
  ASSERT_TRUE(ids.ok()) << ids.status();
  EXPECT_THAT(*ids, ElementsAre("nps", "3"));
}

TEST_F(ResourceNameTest, ADashStandsForTheCallersOwnTenant) {
  EXPECT_EQ(ParseChild(scope_, "surveys", "name", "tenants/-/surveys/nps").value_or(""), "nps");
  EXPECT_TRUE(CheckParent(scope_, "tenants/-").ok());
  EXPECT_TRUE(CheckParent(scope_, "tenants/acme").ok());
}

TEST_F(ResourceNameTest, AnotherTenantIsNotFoundAndNothingMoreIsSaid) {
  const absl::Status status = ParseChild(scope_, "surveys", "name", "tenants/globex/surveys/nps").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  EXPECT_EQ(CheckParent(scope_, "tenants/globex").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(CheckParent(scope_, "tenants/ACME").code(), absl::StatusCode::kNotFound);
}

TEST_F(ResourceNameTest, AnotherShapeIsInvalidAtItsField) {
  for (const char* name : {"", "nps", "tenants", "tenants/acme", "tenants/acme/surveys", "tenants/acme/surveys/",
                           "tenants//surveys/nps", "tenants/acme/triggers/nps", "tenants/acme/surveys/nps/",
                           "/tenants/acme/surveys/nps", "tenants/acme/surveys/nps/versions/1", "tenants/acme/surveys/%",
                           "tenants/acme/surveys/%4", "tenants/acme/surveys/%zz", "TENANTS/acme/surveys/nps"}) {
    const absl::Status status = ParseChild(scope_, "surveys", "survey.name", name).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << name;
    EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_INVALID_RESOURCE_NAME) << name;
    ASSERT_EQ(ViolationsOf(status).size(), 1u) << name;
    EXPECT_EQ(ViolationsOf(status)[0].field, "survey.name");
    EXPECT_THAT(ViolationsOf(status)[0].description, HasSubstr("tenants/{tenant}/surveys/{id}"));
  }
}

TEST_F(ResourceNameTest, AMalformedNameIsNotEchoedAtLength) {
  const absl::Status status = ParseChild(scope_, "surveys", "name", std::string(1 << 20, '\n')).status();
  EXPECT_LT(status.message().size(), 2000u);
}

TEST_F(ResourceNameTest, ChosenIdsAreShortAndPlain) {
  for (const char* good : {"a", "nps", "post-purchase", "a1", "q4-2025-survey"}) {
    EXPECT_TRUE(CheckChosenId("survey_id", good).ok()) << good;
  }
  EXPECT_TRUE(CheckChosenId("survey_id", std::string(63, 'a')).ok());
  for (const std::string& bad :
       {std::string(), std::string("1a"), std::string("-a"), std::string("a-"), std::string("Nps"), std::string("a_b"),
        std::string("a b"), std::string("ä"), std::string("a/b"), std::string("a\0b", 3), std::string(64, 'a')}) {
    const absl::Status status = CheckChosenId("survey_id", bad);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bad;
    EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_INVALID_IDENTIFIER);
    ASSERT_EQ(ViolationsOf(status).size(), 1u);
    EXPECT_EQ(ViolationsOf(status)[0].field, "survey_id");
  }
}

TEST_F(ResourceNameTest, DecodingIsStrict) {
  EXPECT_EQ(DecodeSegment("a%2fb%2F").value_or("?"), "a/b/");
  EXPECT_EQ(DecodeSegment("%00").value_or("?"), std::string(1, '\0'));
  EXPECT_FALSE(DecodeSegment("%").ok());
  EXPECT_FALSE(DecodeSegment("a%2").ok());
  EXPECT_FALSE(DecodeSegment("%g0").ok());
}

TEST(TenantScopeTest, NobodyMakesOneButTheMint) {
  static_assert(!std::is_default_constructible_v<TenantScope>);
  static_assert(!std::is_constructible_v<TenantScope, TenantId, absl::TimeZone>);
}

}  // namespace
}  // namespace canvass
