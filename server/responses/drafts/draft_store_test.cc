#include "server/responses/drafts/draft_store.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::responses {
namespace {

class DraftStoreTest : public ::testing::Test {
 protected:
  Uuid NewId() { return Uuid::V7(db_.clock().Now(), db_.random()); }

  v1::Response AddAnswer(const Uuid& id, const std::string& question, absl::Duration keep = absl::Hours(1)) {
    auto draft = store_.Change(scope_, id, db_.clock().Now(), db_.clock().Now() + keep,
                               [&](Draft& draft) { draft.content.add_answers()->set_question(question); });
    EXPECT_TRUE(draft.ok()) << draft.status();
    return draft.ok() ? draft->content : v1::Response();
  }

  v1::Response Get(const TenantScope& scope, const Uuid& id) {
    auto draft = store_.Get(scope, id, db_.clock().Now());
    EXPECT_TRUE(draft.ok()) << draft.status();
    return draft.ok() ? draft->content : v1::Response();
  }

  mysql::testing::TestDatabase db_;
  DraftStore store_{db_.database()};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
};

TEST_F(DraftStoreTest, KeepsWhatWasSaidSoFar) {
  const Uuid id = NewId();
  EXPECT_EQ(Get(scope_, id).answers_size(), 0);
  AddAnswer(id, "nps");
  EXPECT_EQ(AddAnswer(id, "why").answers_size(), 2);
  EXPECT_EQ(Get(scope_, id).answers(1).question(), "why");
  EXPECT_EQ(Get(mysql::testing::MakeScope("other"), id).answers_size(), 0);
}

TEST_F(DraftStoreTest, AnExpiredDraftIsEmptyAndBeginsAnew) {
  const Uuid id = NewId();
  AddAnswer(id, "nps");
  db_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(Get(scope_, id).answers_size(), 0);
  EXPECT_EQ(AddAnswer(id, "why").answers_size(), 1);
}

TEST_F(DraftStoreTest, NewDraftsTakeExpiredOnesAway) {
  for (int i = 0; i < 5; ++i) AddAnswer(NewId(), "nps", absl::Minutes(1));
  db_.clock().Advance(absl::Hours(1));
  AddAnswer(NewId(), "nps");
  AddAnswer(NewId(), "nps");
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM response_drafts"), 2);
  db_.clock().Advance(absl::Hours(2));
  EXPECT_EQ(store_.DeleteExpired(mysql::testing::MakeScope("other"), db_.clock().Now(), 10).value(), 0);
  EXPECT_EQ(store_.DeleteExpired(scope_, db_.clock().Now(), 10).value(), 2);
}

TEST_F(DraftStoreTest, NoneOfManyDevicesLosesAnAnswer) {
  const Uuid id = NewId();
  constexpr int kDevices = 6;
  std::vector<std::thread> devices;
  for (int i = 0; i < kDevices; ++i) devices.emplace_back([&, i] { AddAnswer(id, absl::StrCat("q", i)); });
  for (std::thread& device : devices) device.join();
  EXPECT_EQ(Get(scope_, id).answers_size(), kDevices);
}

}  // namespace
}  // namespace canvass::responses
