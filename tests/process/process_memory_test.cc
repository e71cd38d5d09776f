#include "tests/process/process_memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

namespace canvass::testing {
namespace {

TEST(ProcessMemoryTest, TellsWhatIsHeldAndWhatWas) {
  const auto before = MemoryOf(getpid());
  ASSERT_TRUE(before.ok()) << before.status();
  EXPECT_GT(before->resident, 1);
  EXPECT_GE(before->peak, before->resident);
  {
    const std::string large(256 << 20, 'x');
    EXPECT_GT(MemoryOf(getpid())->resident, before->resident + 200) << large.back();
  }
  const auto after = MemoryOf(getpid());
  EXPECT_LT(after->resident, before->resident + 100);
  EXPECT_GT(after->peak, before->resident + 200);
  ASSERT_TRUE(ForgetPeak(getpid()).ok());
  EXPECT_LT(MemoryOf(getpid())->peak, before->resident + 100);
}

TEST(ProcessMemoryTest, ThereMustBeAProcess) { EXPECT_TRUE(absl::IsNotFound(MemoryOf(-1).status())); }

}  // namespace
}  // namespace canvass::testing
