// The HTTP port: probes, Prometheus metrics, and the routes that others add: respondents' pages (pages/), intake of
// events (intake/).
//
//   GET /livez     200 while the process runs
//   GET /readyz    200 while it takes calls, 503 while it starts or drains
//   GET /metrics   Prometheus text format
//
//   HttpListener::Start(options, registry, ready, [&](httplib::Server& server) { pages::AddRoutes(server, parts); });
//
// Thread-safe once it serves. Stop() ends open requests and joins the threads.
#ifndef CANVASS_SERVER_HTTP_HTTP_LISTENER_H_
#define CANVASS_SERVER_HTTP_HTTP_LISTENER_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"

namespace httplib {
class Server;
}
namespace prometheus {
class Registry;
}

namespace canvass::http {

struct HttpOptions {
  std::string host = "127.0.0.1";
  // 0 takes any free port.
  int port = 7480;
};

class HttpListener {
 public:
  // Takes the port; requests wait until Serve(). Unavailable if the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<HttpListener>> Bind(const HttpOptions& options);

  // Answers requests from now on; called once. `registry` must outlive the listener. `ready` is called from many
  // threads. `add_routes`, which may be null, is called once; what its handlers use must outlive the listener.
  void Serve(const prometheus::Registry& registry, std::function<bool()> ready,
             const std::function<void(httplib::Server&)>& add_routes);

  // Both.
  static absl::StatusOr<std::unique_ptr<HttpListener>> Start(const HttpOptions& options,
                                                             const prometheus::Registry& registry,
                                                             std::function<bool()> ready,
                                                             const std::function<void(httplib::Server&)>& add_routes);
  ~HttpListener();

  int port() const { return port_; }
  void Stop();

 private:
  HttpListener(std::unique_ptr<httplib::Server> server, int port);

  std::unique_ptr<httplib::Server> server_;
  int port_;
  std::thread thread_;
};

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_HTTP_LISTENER_H_
