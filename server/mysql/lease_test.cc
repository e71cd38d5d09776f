#include "server/mysql/lease.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::mysql {
namespace {

class LeaseTest : public ::testing::Test {
 protected:
  std::optional<Lease> Claim(absl::string_view owner, absl::Duration duration = absl::Minutes(1)) {
    std::optional<Lease> claimed;
    const absl::Status status = db_.database().System([&](Transaction& tx) -> absl::Status {
      CANVASS_ASSIGN_OR_RETURN(claimed, ClaimLease(tx, "work", owner, duration));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return claimed;
  }
  bool Renew(const Lease& lease) {
    bool renewed = false;
    const absl::Status status = db_.database().System([&](Transaction& tx) -> absl::Status {
      CANVASS_ASSIGN_OR_RETURN(renewed, RenewLease(tx, lease, absl::Minutes(1)));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return renewed;
  }
  void Release(const Lease& lease) {
    EXPECT_TRUE(db_.database().System([&](Transaction& tx) { return ReleaseLease(tx, lease); }).ok());
  }

  testing::TestDatabase db_;
};

TEST_F(LeaseTest, OneOwnerAtATime) {
  const std::optional<Lease> first = Claim("a");
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(Claim("b").has_value());
  EXPECT_TRUE(Renew(*first));
  Release(*first);
  const std::optional<Lease> second = Claim("b");
  ASSERT_TRUE(second.has_value());
  EXPECT_GT(second->token, first->token);
}

TEST_F(LeaseTest, AnOverdueLeaseGoesToTheNextAndItsOldOwnerIsToldSo) {
  const std::optional<Lease> old = Claim("a", absl::Milliseconds(-1));
  ASSERT_TRUE(old.has_value());
  const std::optional<Lease> taken = Claim("b");
  ASSERT_TRUE(taken.has_value());
  EXPECT_FALSE(Renew(*old));
  Release(*old);  // of what it no longer holds
  EXPECT_TRUE(Renew(*taken));
}

TEST_F(LeaseTest, TheOwnerItselfGetsANewToken) {
  const std::optional<Lease> first = Claim("a");
  const std::optional<Lease> again = Claim("a");
  ASSERT_TRUE(first.has_value() && again.has_value());
  EXPECT_EQ(again->token, first->token + 1);
  EXPECT_FALSE(Renew(*first));
}

TEST_F(LeaseTest, ManyWhoAskAtOnceGetItOnce) {
  std::atomic<int> winners = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] { winners += Claim(absl::StrCat("owner-", i)).has_value() ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(winners, 1);
}

TEST_F(LeaseTest, TheHolderHasAName) {
  std::string holder;
  const auto ask = [&](Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(holder, LeaseHolder(tx, "work"));
    return absl::OkStatus();
  };
  ASSERT_TRUE(db_.database().System(ask).ok());
  EXPECT_EQ(holder, "");
  const std::optional<Lease> lease = Claim("a");
  ASSERT_TRUE(db_.database().System(ask).ok());
  EXPECT_EQ(holder, "a");
}

}  // namespace
}  // namespace canvass::mysql
