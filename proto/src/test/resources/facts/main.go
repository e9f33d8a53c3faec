// Prints what the public Go bindings of CSI and of kubelet's plugin registration say of themselves, one fact a line, so that
// ours can be held against it.
package main

import (
	"fmt"
	"os"
	"sort"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	_ "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

var facts []string

func fact(format string, parts ...any) { facts = append(facts, fmt.Sprintf(format, parts...)) }

func typeOf(field protoreflect.FieldDescriptor) string {
	switch {
	case field.IsMap():
		return fmt.Sprintf("map<%s,%s>", typeOf(field.MapKey()), typeOf(field.MapValue()))
	case field.Kind() == protoreflect.MessageKind:
		return string(field.Message().FullName())
	case field.Kind() == protoreflect.EnumKind:
		return string(field.Enum().FullName())
	}
	return field.Kind().String()
}

func labelOf(field protoreflect.FieldDescriptor) string {
	switch {
	case field.IsMap():
		return "map"
	case field.IsList():
		return "repeated"
	}
	return "single"
}

func oneofOf(field protoreflect.FieldDescriptor) string {
	if field.ContainingOneof() == nil {
		return "-"
	}
	return string(field.ContainingOneof().Name())
}

func secretOf(field protoreflect.FieldDescriptor) string {
	options, ok := field.Options().(*descriptorpb.FieldOptions)
	if ok && options != nil && proto.HasExtension(options, csi.E_CsiSecret) {
		if proto.GetExtension(options, csi.E_CsiSecret).(bool) {
			return "secret"
		}
	}
	return "open"
}

func enum(each protoreflect.EnumDescriptor) {
	for i := 0; i < each.Values().Len(); i++ {
		value := each.Values().Get(i)
		fact("value %s %s %d", each.FullName(), value.Name(), value.Number())
	}
}

func message(each protoreflect.MessageDescriptor) {
	if each.IsMapEntry() {
		return
	}
	fact("message %s", each.FullName())
	for i := 0; i < each.Fields().Len(); i++ {
		field := each.Fields().Get(i)
		fact("field %s %d %s %s %s %s %s", each.FullName(), field.Number(), field.Name(), typeOf(field), labelOf(field),
			oneofOf(field), secretOf(field))
	}
	for i := 0; i < each.Messages().Len(); i++ {
		message(each.Messages().Get(i))
	}
	for i := 0; i < each.Enums().Len(); i++ {
		enum(each.Enums().Get(i))
	}
}

func service(each protoreflect.ServiceDescriptor) {
	for i := 0; i < each.Methods().Len(); i++ {
		method := each.Methods().Get(i)
		streams := "unary"
		if method.IsStreamingServer() {
			streams = "server-stream"
		}
		fact("method %s %s %s %s %s", each.FullName(), method.Name(), method.Input().FullName(), method.Output().FullName(),
			streams)
	}
}

func main() {
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		if file.Package() != "csi.v1" && file.Package() != "pluginregistration" {
			return true
		}
		for i := 0; i < file.Services().Len(); i++ {
			service(file.Services().Get(i))
		}
		for i := 0; i < file.Messages().Len(); i++ {
			message(file.Messages().Get(i))
		}
		for i := 0; i < file.Enums().Len(); i++ {
			enum(file.Enums().Get(i))
		}
		return true
	})
	sort.Strings(facts)
	for _, each := range facts {
		fmt.Fprintln(os.Stdout, each)
	}
}
