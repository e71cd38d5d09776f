#include "server/rpc/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"

namespace canvass::rpc {
namespace {

TEST(WorkerPoolTest, RunsWhatItTook) {
  std::atomic<int> ran = 0;
  {
    WorkerPool workers({.threads = 4, .queue_limit = 1000});
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(workers.TryRun([&] { ++ran; }));
  }
  EXPECT_EQ(ran, 1000);
}

TEST(WorkerPoolTest, RefusesWhatItCannotQueue) {
  absl::Notification started, go_on;
  std::atomic<int> ran = 0;
  WorkerPool workers({.threads = 1, .queue_limit = 2});
  ASSERT_TRUE(workers.TryRun([&] {
    started.Notify();
    go_on.WaitForNotification();
  }));
  started.WaitForNotification();
  EXPECT_TRUE(workers.TryRun([&] { ++ran; }));
  EXPECT_TRUE(workers.TryRun([&] { ++ran; }));
  EXPECT_FALSE(workers.TryRun([&] { ran += 100; }));
  EXPECT_EQ(workers.waiting(), 2u);
  go_on.Notify();
  workers.Stop();
  EXPECT_EQ(ran, 2);
  EXPECT_FALSE(workers.TryRun([&] { ++ran; })) << "after Stop()";
}

TEST(WorkerPoolTest, WithoutAQueueAnIdleThreadStillTakesWork) {
  WorkerPool workers({.threads = 1, .queue_limit = 0});
  absl::Notification ran;
  // The thread may not have come to wait yet.
  while (!workers.TryRun([&] { ran.Notify(); })) std::this_thread::yield();
  ran.WaitForNotification();
}

TEST(WorkerPoolTest, TakesFromManyThreads) {
  std::atomic<int> ran = 0;
  int taken = 0;
  {
    WorkerPool workers({.threads = 3, .queue_limit = 10});
    std::atomic<int> accepted = 0;
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i) {
      callers.emplace_back([&] {
        for (int n = 0; n < 2000; ++n) accepted += workers.TryRun([&] { ++ran; });
      });
    }
    for (std::thread& caller : callers) caller.join();
    taken = accepted;
  }
  EXPECT_GT(taken, 0);
  EXPECT_EQ(ran, taken);
}

}  // namespace
}  // namespace canvass::rpc
