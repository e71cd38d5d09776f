#include "server/triggers/rules/sample.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace canvass::triggers {
namespace {

constexpr int kCustomers = 10'000;

ContactId Customer(int i) { return ContactId(absl::StrCat("customer-", i)); }

TEST(SamplePointTest, NeverMoves) {
  // Who is in a sample today must be in it tomorrow, whatever version of the server asks.
  EXPECT_DOUBLE_EQ(SamplePoint(TenantId("acme"), TriggerId("after"), ContactId("ada")), 0.08665206117164548);
}

TEST(SamplePointTest, IsSpreadEvenly) {
  int in_tenth = 0;
  int in_both = 0;
  for (int i = 0; i < kCustomers; ++i) {
    const double point = SamplePoint(TenantId("acme"), TriggerId("after"), Customer(i));
    const double other = SamplePoint(TenantId("acme"), TriggerId("other"), Customer(i));
    ASSERT_GE(point, 0);
    ASSERT_LT(point, 1);
    in_tenth += point < 0.1 ? 1 : 0;
    in_both += point < 0.5 && other < 0.5 ? 1 : 0;
  }
  // Five standard deviations.
  EXPECT_NEAR(in_tenth, 1000, 150);
  EXPECT_NEAR(in_both, 2500, 220);
}

TEST(SamplePointTest, TenantsDrawTheirOwn) {
  EXPECT_NE(SamplePoint(TenantId("acme"), TriggerId("after"), ContactId("ada")),
            SamplePoint(TenantId("other"), TriggerId("after"), ContactId("ada")));
}

}  // namespace
}  // namespace canvass::triggers
