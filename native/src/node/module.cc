/**
 * The addon's exports. Each area adds its functions by a `define_…` of its own, listed here. They are thin: addon.ts
 * gives them types, and what JavaScript passes is checked here, in C++.
 */
#include <node_api.h>

#include "cpu/cpu-class.h"
#include "node/define.h"
#include "node/group.h"
#include "node/pool-handle.h"

namespace causeway {

void define_function(napi_env env, napi_value exports, const char* name, napi_callback function) {
  napi_value value;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value);
  napi_set_named_property(env, exports, name, value);
}

namespace {

/** `classes`: names of the classes that this processor has, the best first. */
void define_classes(napi_env env, napi_value exports) {
  napi_value classes;
  napi_create_array(env, &classes);
  std::uint32_t count = 0;
  for (CpuClass each : cpu_classes) {
    if (!is_available(each)) continue;
    napi_value name;
    napi_create_string_utf8(env, name_of(each), NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, classes, count++, name);
  }
  napi_set_named_property(env, exports, "classes", classes);
}

void define_pools(napi_env env, napi_value exports) {
  define_function(env, exports, "openPool", &PoolHandle::open);
  define_function(env, exports, "closePool", &PoolHandle::close);
}

}  // namespace

void define_oprf(napi_env env, napi_value exports);
void define_psi_partition(napi_env env, napi_value exports);
void define_psi_receiver(napi_env env, napi_value exports);
void define_psi_sender(napi_env env, napi_value exports);
void define_rows(napi_env env, napi_value exports);
void define_strings(napi_env env, napi_value exports);
void define_sum(napi_env env, napi_value exports);

}  // namespace causeway

NAPI_MODULE_INIT() {
  for (causeway::Define define :
       {causeway::define_classes, causeway::define_pools, causeway::define_group, causeway::define_oprf,
        causeway::define_psi_partition, causeway::define_psi_receiver, causeway::define_psi_sender,
        causeway::define_rows, causeway::define_strings, causeway::define_sum})
    define(env, exports);
  return exports;
}
