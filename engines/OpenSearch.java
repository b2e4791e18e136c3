import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.index.mapper.MapperExtrasPlugin;
import org.opensearch.index.reindex.ReindexPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/** One OpenSearch node, from jars alone: its own start script wants an unpacked distribution.
 *  {@code java -cp 'jars/*' OpenSearch.java HOME}, configured by {@code HOME/config/opensearch.yml}. */
class OpenSearch extends Node {
    OpenSearch(Environment home, Collection<Class<? extends Plugin>> parts) { super(home, parts, false); }

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Settings only = Settings.builder().put("path.home", home).build();
        Environment found = InternalSettingsPreparer.prepareEnvironment(
            only, Map.of(), home.resolve("config"), () -> "starling");
        LogConfigurator.configure(found);
        OpenSearch node = new OpenSearch(found, List.of(
            Netty4Plugin.class, CommonAnalysisPlugin.class, ReindexPlugin.class,
            MapperExtrasPlugin.class, PainlessPlugin.class));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try { node.close(); } catch (Exception error) { error.printStackTrace(); }
        }));
        node.start();
        new CountDownLatch(1).await();
    }
}
