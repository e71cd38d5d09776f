#include "tests/chaos/fault_proxy.h"

#include <cmath>
#include <utility>

#include "absl/strings/string_view.h"

namespace canvass::chaos {

FaultProxy::FaultProxy(std::string server, FaultProxyOptions options)
    : options_(options), random_(options.seed), proxy_(std::move(server), [this] { return MakeCarrier(); }) {}

FaultProxy::Cut FaultProxy::Draw() {
  absl::MutexLock lock(&mutex_);
  std::uniform_real_distribution<double> magnitude(std::log(static_cast<double>(options_.min_bytes)),
                                                   std::log(static_cast<double>(options_.max_bytes)));
  return {.way = random_() % 2 == 0 ? Proxy::Way::kToServer : Proxy::Way::kToClient,
          .bytes = static_cast<std::size_t>(std::exp(magnitude(random_)))};
}

FaultProxy::Proxy::Carrier FaultProxy::MakeCarrier() {
  return [this, cut = Draw()](Proxy::Wire& wire, Proxy::Way way, absl::string_view bytes) mutable {
    if (way != cut.way || !cutting_) return wire.Send(way, bytes);
    if (bytes.size() < cut.bytes) {
      cut.bytes -= bytes.size();
      return wire.Send(way, bytes);
    }
    ++cuts_;
    wire.Send(way, bytes.substr(0, cut.bytes));
    return false;
  };
}

}  // namespace canvass::chaos
