// Connections break at any byte, again and again: those of the clients, those to the database, both.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/chaos/account.h"
#include "tests/chaos/extent.h"
#include "tests/chaos/fault_proxy.h"
#include "tests/chaos/load.h"
#include "tests/chaos/rig.h"

namespace canvass::chaos {
namespace {

using ::testing::IsEmpty;

constexpr absl::Duration kBreaking = absl::Seconds(3);

class CutConnectionsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto rig = Rig::Start({.wire = true, .seed = Seed()});
    ASSERT_TRUE(rig.ok()) << rig.status();
    rig_ = *std::move(rig);
    front_ = std::make_unique<FaultProxy>(rig_->server().address(), FaultProxyOptions{.seed = Seed() + 1});
  }

  // Cuts for a while, then lets calls through; both must get something done.
  void Break(std::initializer_list<FaultProxy*> wires) {
    const int64_t before = account_.acknowledged();
    std::vector<int> cuts;
    for (FaultProxy* wire : wires) {
      cuts.push_back(wire->cuts());
      wire->SetCutting(true);
    }
    absl::SleepFor(kBreaking);
    const int64_t meanwhile = account_.acknowledged();
    EXPECT_GT(meanwhile, before) << "nothing gets through";
    for (std::size_t i = 0; i < wires.size(); ++i) {
      FaultProxy* const wire = wires.begin()[i];
      wire->SetCutting(false);
      EXPECT_GT(wire->cuts(), cuts[i]) << "nothing was cut";
    }
    const absl::Time give_up = absl::Now() + absl::Seconds(15);
    while (account_.acknowledged() < meanwhile + 100 && absl::Now() < give_up) {
      absl::SleepFor(absl::Milliseconds(20));
    }
    EXPECT_GE(account_.acknowledged(), meanwhile + 100) << "work does not go on";
  }

  std::unique_ptr<Rig> rig_;
  std::unique_ptr<FaultProxy> front_;
  Account account_;
};

TEST_F(CutConnectionsTest, NothingIsLostAndNothingComesTwice) {
  Load load(rig_->own(), absl::StrCat("unix:", front_->socket()), account_,
            {.callers = 16, .batches = 2, .streams = 3});
  for (int round = 0; round < Rounds(1); ++round) {
    Break({front_.get()});
    Break({rig_->wire()});
    Break({front_.get(), rig_->wire()});
  }
  load.Stop();
  EXPECT_THAT(account_.Audit(rig_->own()), IsEmpty());
  EXPECT_GT(account_.failed(), 0);
  RecordProperty("acknowledged", static_cast<int>(account_.acknowledged()));
  RecordProperty("cut_from_clients", front_->cuts());
  RecordProperty("cut_from_database", rig_->wire()->cuts());
}

}  // namespace
}  // namespace canvass::chaos
