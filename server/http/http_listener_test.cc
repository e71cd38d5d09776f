#include "server/http/http_listener.h"

#include <gtest/gtest.h>
#include <httplib.h>
#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <atomic>

namespace canvass::http {
namespace {

TEST(HttpListenerTest, ServesProbesAndMetrics) {
  prometheus::Registry registry;
  prometheus::BuildCounter().Name("canvass_test_total").Register(registry).Add({}).Increment(3);
  std::atomic<bool> ready{false};
  auto listener = HttpListener::Start({.port = 0}, registry, [&] { return ready.load(); }, nullptr);
  ASSERT_TRUE(listener.ok()) << listener.status();

  httplib::Client client("127.0.0.1", (*listener)->port());
  EXPECT_EQ(client.Get("/livez")->status, 200);
  EXPECT_EQ(client.Get("/readyz")->status, 503);
  ready = true;
  EXPECT_EQ(client.Get("/readyz")->status, 200);
  EXPECT_NE(client.Get("/metrics")->body.find("canvass_test_total 3"), std::string::npos);
  EXPECT_EQ(client.Get("/nothing-here")->status, 404);
}

TEST(HttpListenerTest, RefusesAPortInUse) {
  prometheus::Registry registry;
  auto first = HttpListener::Start({.port = 0}, registry, [] { return true; }, nullptr);
  ASSERT_TRUE(first.ok());
  auto second = HttpListener::Start({.port = (*first)->port()}, registry, [] { return true; }, nullptr);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(std::string(second.status().message()).find("--http-listen"), std::string::npos);
}

TEST(HttpListenerTest, StopsAtOnceAndTwice) {
  prometheus::Registry registry;
  auto listener = HttpListener::Start({.port = 0}, registry, [] { return true; }, nullptr);
  ASSERT_TRUE(listener.ok());
  (*listener)->Stop();
  (*listener)->Stop();
}

}  // namespace
}  // namespace canvass::http
